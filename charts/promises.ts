import type { Settings } from "../config/settings";
import { storeOf } from "../render/objectStore";
import { planOf } from "../render/plan";
import { secretNames } from "../domain/names";
import { flowsOf, podGroups } from "../render/networkPolicies";
import { mirrored } from "../render/pod";
import type { Difference } from "./compare";
import { configuration, type Facts } from "./facts";
import type { Release } from "../render/releases";
import type { Part } from "../domain/parts";
import { selects } from "./selectors";

/** A release and the facts of what its chart renders. */
export interface Rendering {
  release: Release;
  facts: Facts;
}

/**
 * What the program relies on in a rendering of its charts, in any topology, and does not find there.
 * Pure; `renderings` are all releases of one stack.
 */
export function brokenPromises(settings: Settings, renderings: readonly Rendering[]): Map<Part, Difference[]> {
  const missingAddresses = addressesWithoutService(settings, renderings);
  return new Map(
    renderings.map(({ release, facts }) => [
      release.name,
      [
        ...missingAddresses
          .filter((address) => address.namespace === release.namespace)
          .map(({ fact }) => ({ fact, expected: "there" })),
        ...configurationFaults(release, facts),
        ...secretFaults(settings, release, facts),
        ...sizeFaults(settings, release, facts),
        ...imageFaults(settings, facts),
        ...hookFaults(facts),
        ...policyFaults(settings, release, facts),
        ...(release.name === "alloy" && settings.alloy.source === "files" ? [] : podSecurityFaults(facts)),
      ],
    ]),
  );
}

const serviceAddress = /\b([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)\.svc:(\d+)/g;

/** Every in-cluster address in the outputs or in a configuration must be a Service of the stack. */
function addressesWithoutService(
  settings: Settings,
  renderings: readonly Rendering[],
): { namespace: string; fact: string }[] {
  const texts = [planOf(settings).addresses, ...renderings.map(({ release }) => release.values)]
    .map((value) => JSON.stringify(value))
    .join("\n");
  const addresses = new Map([...texts.matchAll(serviceAddress)].map((match) => [match[0], match]));
  return [...addresses.values()].flatMap(([, service = "", namespace = "", port = ""]) => {
    const fact = `Service ${service}: port ${port}`;
    return renderings.some(({ release, facts }) => release.namespace === namespace && facts.has(fact))
      ? []
      : [{ namespace, fact }];
  });
}

/** Each part must get its configuration exactly as the program wrote it. */
function configurationFaults({ name, values }: Release, facts: Facts): Difference[] {
  const texts: Record<Part, [fact: string, path: string[]][]> = {
    minio: [],
    loki: [["Secret loki: key config.yaml", ["loki", "config"]]],
    alloy: [["ConfigMap alloy: key config.alloy", ["alloy", "configMap", "content"]]],
    grafana: [["ConfigMap grafana: key datasources.yaml", ["datasources", "datasources.yaml"]]],
  };
  return texts[name].flatMap(([fact, path]) => {
    const value = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], values);
    const expected = configuration(
      path.at(-1) === "config" ? "config.yaml" : fact,
      typeof value === "string" ? value : JSON.stringify(value),
    );
    const found = facts.get(fact);
    return found === expected ? [] : [{ fact, expected, found }];
  });
}

/** Credentials must come only from the Secrets that the program makes, or that the settings name. */
function secretFaults(settings: Settings, { name }: Release, facts: Facts): Difference[] {
  const { storeCredentials, storeSecret } = storeOf(settings);
  const secrets: Record<Part, string | undefined> = {
    minio: secretNames.minioRoot,
    loki: storeCredentials === "secret" ? storeSecret : undefined,
    alloy: undefined,
    grafana: secretNames.grafanaAdmin,
  };
  const secret = secrets[name];
  const own = [...facts.keys()].filter((fact) => /^Secret (?!loki$)[^:]+$/.test(fact));
  const used = secret === undefined || [...facts].some(([fact, value]) => / env /.test(fact) && value.includes(secret));
  return [
    ...(used ? [] : [{ fact: `environment from Secret ${secret}`, expected: "there" }]),
    ...own.map((fact) => ({ fact, found: "there" })),
  ];
}

function sizeFaults(settings: Settings, { name }: Release, facts: Facts): Difference[] {
  if (name === "alloy" || (name === "grafana" && settings.grafana.database !== undefined)) return [];
  const expected = settings[name].volumeSize;
  // Caches on disk have their own size.
  const sizes = [...facts].filter(([fact]) => /: claim.* size$/.test(fact) && !/-cache: /.test(fact));
  if (sizes.length === 0) return [{ fact: "a volume", expected }];
  return sizes.filter(([, size]) => size !== expected).map(([fact, found]) => ({ fact, expected, found }));
}

/** Every image must come from the settings: any other would bypass mirror, digest and pull secrets. */
function imageFaults({ images }: Settings, facts: Facts): Difference[] {
  const known = [images.minio, images.loki, images.alloy, images.grafana, images.gateway, images.memcached].flatMap(
    (image) => {
      const { registry, repository, tag, digest } = mirrored(image, images.mirror);
      const name = `${registry}/${repository}`;
      return digest === undefined ? [`${name}:${tag}`] : [`${name}@${digest}`, `${name}:${tag}@${digest}`];
    },
  );
  return [...facts]
    .filter(([fact, image]) => /: (init )?container \S+ image$/.test(fact) && !known.includes(image))
    .map(([fact, found]) => ({ fact, expected: "an image of the settings", found }));
}

/** The program makes buckets and users itself and needs no chart tests, so no chart may run a Job. */
function hookFaults(facts: Facts): Difference[] {
  return [...facts.keys()]
    .filter((fact) => /^(Job|Pod|CronJob) [^:]*$/.test(fact))
    .map((fact) => ({ fact, found: "there" }));
}

/**
 * The network policies select pods by label. Each workload must belong to exactly one of their groups, and must listen
 * on the ports that they open to it.
 */
function policyFaults(settings: Settings, { name }: Release, facts: Facts): Difference[] {
  const workloads = [...facts].flatMap(([fact, found]) => {
    const [, workload] = /^(.*): pod labels$/.exec(fact) ?? [];
    if (workload === undefined) return [];
    const labels = JSON.parse(found) as Record<string, string>;
    const groups = Object.entries(podGroups).filter(
      ([, { part, selector }]) => part === name && selects(selector, labels),
    );
    const ports = [...facts].filter(
      ([other]) => other.startsWith(`${workload}: container `) && / port \S*$/.test(other),
    );
    return [{ fact, found, groups: groups.map(([group]) => group), ports: ports.map(([, port]) => Number(port)) }];
  });
  const strangers = workloads
    .filter(({ groups }) => groups.length !== 1)
    .map(({ fact, found }) => ({ fact, expected: "labels of one of the network policies", found }));
  const reached = flowsOf(settings).filter(({ to }) =>
    Object.entries(podGroups).some(([group, { part }]) => group === to && part === name),
  );
  const closed = reached.flatMap(({ to, ports }) =>
    ports
      .filter((port) => !workloads.some((workload) => workload.groups.includes(to) && workload.ports.includes(port)))
      .map((port) => ({ fact: `pods of the network policy ${to}: port ${port}`, expected: "there" })),
  );
  return [...strangers, ...closed];
}

/** The namespace enforces Pod Security `restricted`: a pod that it refuses would never start. */
function podSecurityFaults(facts: Facts): Difference[] {
  return [...facts.keys()].flatMap((fact) => {
    const [, workload = "", container] = /^(.*): ((?:init )?container \S+) image$/.exec(fact) ?? [];
    if (container === undefined) return [];
    const pod = facts.get(`${workload}: pod security`) ?? "";
    const own = facts.get(`${workload}: ${container} security`) ?? "";
    const missing = [
      ...['"allowPrivilegeEscalation":false', '"drop":["ALL"]'].filter((rule) => !own.includes(rule)),
      ...['"runAsNonRoot":true', '"seccompProfile":{"type":"RuntimeDefault"}'].filter(
        (rule) => !own.includes(rule) && !pod.includes(rule),
      ),
    ];
    const hostPaths = [...facts].filter(
      ([name, value]) => name.startsWith(`${workload}: volume `) && value.includes('"hostPath"'),
    );
    return [
      ...missing.map((expected) => ({ fact: `${workload}: ${container} security`, expected, found: own })),
      ...hostPaths.map(([name, found]) => ({ fact: name, expected: "no host path", found })),
    ];
  });
}
