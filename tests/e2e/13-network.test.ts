import assert from "node:assert/strict";
import { planOf } from "../../render/plan";
import { podPorts, ports } from "../../domain/names";
import { networkPolicies, podGroups } from "../../render/networkPolicies";
import { allows, inCluster } from "../support/policyEvaluator";
import type { ShellPod } from "../support/cluster";
import { platform } from "../support/platform";
import { core, full } from "../support/sizes";
import { waitFor } from "../support/wait";

/** A pod that listens on every port of the platform. */
interface Probe extends ShellPod {
  namespace: string;
  labels: Record<string, string>;
}

/** Those ports that a pod may open without extra rights. */
const probed = [
  ...new Set([
    podPorts.grafana,
    ports.lokiHttp,
    6443,
    ports.lokiMemberlist,
    podPorts.gateway,
    ports.minioApi,
    ports.minioConsole,
    ports.lokiGrpc,
    podPorts.memcached,
    ports.alloy,
  ]),
];
const listen = `for port in ${probed.join(" ")}; do nc -ll -p $port -e true & done; wait`;
/** A namespace outside the platform. */
const outside = "e2e-stranger";

describe("network policies", () => {
  const p = platform();
  const { namespaces, grafana } = p.settings;

  /** Pods that belong to no group, outside and inside the platform's namespaces. */
  const strangers = [outside, namespaces.loki, namespaces.minio].map((namespace): Probe => ({
    namespace,
    name: "probe-stranger",
    labels: { app: "shell" },
    script: listen,
  }));
  /** One probe for each group, a second one if pods of the group talk to each other, and the strangers. */
  const probes = Object.entries(podGroups)
    .filter(([, { part }]) => part !== "grafana" || grafana.enabled)
    .flatMap(([group, { part, selector }]): Probe[] => {
      // Not all labels of the chart, because the probe must not become part of a Service.
      const labels = {
        ...selector.matchLabels,
        ...Object.fromEntries((selector.matchExpressions ?? []).map(({ key, values }) => [key, values[0]!])),
      };
      const probe = { namespace: namespaces[part], name: `probe-${group}`, labels, script: listen };
      return ["loki", "minio"].includes(group) ? [probe, { ...probe, name: `${probe.name}-2` }] : [probe];
    })
    .concat(strangers);
  const titleOf = ({ namespace, name }: Probe) => `${namespace}/${name}`;
  const probeOf = (name: string) => probes.find((probe) => probe.name === `probe-${name}`)!;

  /** Which of these addresses (`host port`) a probe reaches. */
  const reached = async ({ namespace, name }: Probe, addresses: readonly string[]): Promise<string[]> => {
    const tries = addresses.map((address) => `(timeout 5 nc -w 3 ${address} -e true 2>/dev/null && echo ${address}) &`);
    const said = await p.cluster.inShell(namespace, name, [...tries, "wait"].join("\n"));
    return said
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  };

  before(async () => {
    await p.ensureUp();
    await p.cluster.createNamespace(outside);
    await Promise.all(probes.map(async ({ namespace, ...probe }) => p.cluster.runShells(namespace, [probe])));
  });

  after(async () => {
    for (const { namespace, name } of probes)
      await p.cluster.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }).catch(() => undefined);
    await p.cluster.removeNamespace(outside);
  });

  core("allow exactly the intended flows, between any two pods, on every port", async () => {
    const policies = inCluster(networkPolicies(p.settings, { stack: p.stackName }), namespaces);
    const addresses = new Map<string, string>();
    for (const probe of probes) {
      const { status } = await p.cluster.core.readNamespacedPod(probe);
      addresses.set(titleOf(probe), status!.podIP!);
    }
    let tried = 0;
    let open = 0;
    for (const from of probes) {
      const targets = probes
        .filter((to) => to !== from)
        .flatMap((to) => probed.map((port) => ({ to, port, address: `${addresses.get(titleOf(to))} ${port}` })));
      const meant = targets
        .filter(({ to, port }) => allows(policies, [from, to], port))
        .map(({ address }) => address)
        .sort();
      let last: string[] = [];
      // The rules for a new pod come within a second or two.
      await waitFor(titleOf(from), 20, async () => {
        last = await reached(
          from,
          targets.map(({ address }) => address),
        );
        return JSON.stringify(last) === JSON.stringify(meant) ? true : undefined;
      }).catch(() => assert.deepEqual(last, meant, titleOf(from)));
      tried += targets.length;
      open += meant.length;
    }
    assert.ok(open > 0 && open < tried / 5, `${open} of ${tried}`);
  });

  core("apply to the platform's own pods and the API server too, by the addresses of their Services", async () => {
    const addressOf = async (namespace: string, name: string, port: number) => {
      const { spec } = await p.cluster.core.readNamespacedService({ namespace, name });
      return `${spec!.clusterIP} ${port}`;
    };
    const gateway = planOf(p.settings).addresses.loki.includes("gateway");
    const loki = await addressOf(
      namespaces.loki,
      gateway ? "loki-gateway" : "loki",
      gateway ? ports.gateway : ports.lokiHttp,
    );
    const minio = await addressOf(namespaces.minio, "minio", ports.minioApi);
    const api = await addressOf("default", "kubernetes", 443);
    const others = [
      await addressOf(namespaces.minio, "minio-console", ports.minioConsole),
      await addressOf(namespaces.alloy, "alloy", ports.alloy),
    ];

    const meant: [probe: Probe, addresses: string[]][] = [
      [probeOf("alloy"), [api, loki]],
      [probeOf("loki"), gateway ? [minio] : [loki, minio]],
      [probeOf("minio"), p.settings.minio.servers > 1 ? [minio] : []],
      ...strangers.map((probe): [Probe, string[]] => [probe, probe.namespace === outside ? [api] : []]),
    ];
    for (const [probe, addresses] of meant)
      assert.deepEqual(await reached(probe, [loki, minio, api, ...others]), addresses.sort(), titleOf(probe));
  });

  core("allow DNS to those who need it", async () => {
    const finds = async ({ namespace, name }: Probe) =>
      (await p.cluster.inShell(
        namespace,
        name,
        "timeout 5 nslookup kubernetes.default.svc.cluster.local >/dev/null 2>&1 && echo found",
      )) !== "";
    for (const group of ["alloy", "loki"]) assert.ok(await finds(probeOf(group)), group);
    for (const probe of strangers) assert.equal(await finds(probe), probe.namespace === outside, titleOf(probe));
  });

  full(
    "two ups; the first test shows that the policies close the ways",
    "are gone, and everything is open, if the stack wants none",
    async () => {
      const [from, to] = [strangers[0]!, probeOf("minio")];
      const { status } = await p.cluster.core.readNamespacedPod(to);
      const address = `${status!.podIP} ${ports.minioApi}`;
      assert.deepEqual(await reached(from, [address]), []);
      await p.withSettings({ networkPolicies: false }, async (changed) => {
        assert.ok(
          changed.length > 4 && changed.every((change) => change.startsWith("delete NetworkPolicy")),
          changed.join(),
        );
        await waitFor("an open way", 20, async () =>
          (await reached(from, [address])).length === 1 ? true : undefined,
        );
      });
      await waitFor("a closed way", 20, async () => ((await reached(from, [address])).length === 0 ? true : undefined));
    },
  );
});
