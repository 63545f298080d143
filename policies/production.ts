import { at, text, types, type Resource } from "./resource";

/**
 * Least replicas of what a release runs, by release and path in its values; 0 there means that the topology has none.
 */
const leastReplicas: Record<string, Record<string, number>> = {
  loki: { singleBinary: 3, write: 3, read: 3, backend: 3, gateway: 2 },
};
const leastMinioServers = 4;

/** What a stack with the profile prod lacks to stand the loss of one replica. Nothing for any other stack. */
export function tooFewReplicas(resources: readonly Resource[]): string[] {
  if (!isProduction(resources)) return [];
  return resources.flatMap(({ type, props }) => {
    if (type !== types.release) return [];
    const short = Object.entries(leastReplicas[text(props.name)] ?? {}).flatMap(([target, least]) => {
      const replicas = Number(at(props.values, target, "replicas") ?? 0);
      const off = replicas === 0 || at(props.values, target, "enabled") === false;
      return off || replicas >= least
        ? []
        : [`${text(props.name)}: ${target} has ${replicas} of at least ${least} replicas`];
    });
    const servers = props.name === "minio" ? Number(at(props.values, "replicas") ?? 0) : leastMinioServers;
    return servers < leastMinioServers
      ? [...short, `minio: ${servers} of at least ${leastMinioServers} servers`]
      : short;
  });
}

/**
 * What holds logs in a stack with the profile prod and may be deleted all the same. Nothing for any other stack, nor
 * where the setting `allow` says so.
 */
export function unprotected(resources: readonly Resource[]): string[] {
  const allowed = resources.find(({ type }) => type === types.stack)?.props.allow;
  if (!isProduction(resources) || (Array.isArray(allowed) && allowed.includes("data-unprotected"))) return [];
  const releases = resources.filter(
    ({ type, props }) => type === types.release && ["minio", "loki"].includes(text(props.name)),
  );
  const homes = releases.map(({ props }) => props.namespace);
  const namespaces = resources.filter(
    ({ type, props }) => type === types.namespace && homes.includes(at(props, "metadata", "name")),
  );
  const buckets = resources.filter(({ type }) => type === types.bucket);
  return [...releases, ...namespaces, ...buckets]
    .filter(({ protect }) => !protect)
    .map(
      ({ type, name }) =>
        `${type.split(":").at(-1)} ${name} is not protected; set protectData: true, or allow data-unprotected`,
    );
}

function isProduction(resources: readonly Resource[]): boolean {
  return resources.some(({ type, props }) => type === types.stack && props.profile === "prod");
}
