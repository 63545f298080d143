import { at, text, types, type Resource } from "./resource";

/**
 * Minimum replicas, by release and path in its values. A value of 0 means that the topology does not use this target.
 */
const leastReplicas: Record<string, Record<string, number>> = {
  loki: { singleBinary: 3, write: 3, read: 3, backend: 3, gateway: 2 },
};
/** Of three servers with equal drives, two hold every object and take new ones. */
const leastMinioServers = 3;

/** What a stack with profile prod lacks to survive the loss of one replica; nothing for any other stack. */
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
 * What holds logs in a stack with profile prod and is still not protected. Nothing for any other stack, or if the
 * setting `allow` permits it.
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
