import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { NetworkingV1Api } from "@kubernetes/client-node";
import { secretNames } from "../../domain/names";
import { partNames } from "../../domain/parts";
import { selfSigned } from "../support/certificates";
import { isReady } from "../support/cluster";
import { dataSourceIn, type Connection } from "../support/dataSource";
import { answerTo } from "../support/fromPod";
import { grafanaDouble } from "../support/grafanaDouble";
import { platform, type Overrides } from "../support/platform";
import { full } from "../support/sizes";
import { switchTls } from "../support/switchTls";
import { waitFor } from "../support/wait";

/** From a pod in Grafana's place, with the address, headers, login and authority that Grafana would read. */
describe("Grafana's data source", () => {
  const p = platform();
  const { namespaces } = p.settings;
  const chart = grafanaDouble(p.cluster.shellImage);
  const grafana: Overrides = { grafana: { enabled: true }, charts: { grafana: { path: chart } } };
  const host = "loki.example.com";

  after(() => rmSync(chart, { recursive: true }));

  /** The pod in Grafana's place, and how the provisioning in it says to connect. */
  const found = async (): Promise<[pod: string, source: Connection]> => {
    const namespace = namespaces.grafana;
    const [pod] = await waitFor("Grafana's double", 60, async () => {
      const pods = (await p.cluster.pods(namespace)).filter(isReady);
      return pods.length === 1 ? pods : undefined;
    });
    const name = pod!.metadata?.name ?? "";
    return [name, await dataSourceIn(p.cluster, namespace, name)];
  };

  /** Status of a query as Grafana sends it, and how many streams it finds. */
  const ask = async (pod: string, { url, ...source }: Connection): Promise<[status: number, streams: number]> => {
    const query = new URLSearchParams({ query: `{namespace="${namespaces.loki}"}`, limit: "1" });
    const { body, status } = await answerTo(
      p.cluster,
      { namespace: namespaces.grafana, pod },
      { ...source, url: `${url}/loki/api/v1/query_range?${query.toString()}` },
    );
    if (status !== 200) return [status, 0];
    return [status, (JSON.parse(body) as { data: { result: unknown[] } }).data.result.length];
  };

  const assertFinds = async (pod: string, source: Connection) =>
    waitFor("a line of Loki's own", 90, async () => {
      const [status, streams] = await ask(pod, source);
      assert.equal(status, 200);
      return streams > 0 ? true : undefined;
    });

  full("an up that adds Grafana", "finds lines as it is provisioned, and those of its tenant alone", async () => {
    await p.withSettings(grafana, async () => {
      const [pod, source] = await found();
      assert.match(source.url, /^http:/);
      assert.deepEqual(source.headers, { "X-Scope-OrgID": p.settings.tenant });
      await assertFinds(pod, source);
      assert.deepEqual(await ask(pod, { ...source, headers: { "X-Scope-OrgID": "somebody-else" } }), [200, 0]);
    });
  });

  full(
    "two ups, of which one restarts Alloy",
    "logs in with its Secret's password; the API server takes the gateway's Ingress, and a second up changes nothing",
    async () => {
      const settings = {
        ...grafana,
        gateway: { authentication: "basic" },
        ingressNamespaces: ["kube-system"],
        exposure: { gateway: { kind: "ingress", host } },
      };
      await p.withSettings(settings, async () => {
        const [pod, source] = await found();
        await assertFinds(pod, source);
        const { authorization, ...nobody } = source.headers;
        assert.match(authorization ?? "", /^Basic /);
        assert.equal((await ask(pod, { ...source, headers: nobody }))[0], 401);

        const networking = p.cluster.kubeConfig.makeApiClient(NetworkingV1Api);
        const { spec } = await networking.readNamespacedIngress({ namespace: namespaces.loki, name: "loki-gateway" });
        assert.deepEqual(spec?.tls?.[0]?.hosts, [host]);
        assert.equal(spec?.rules?.[0]?.http?.paths[0]?.backend.service?.name, "loki-gateway");
        const { changes } = await (await p.stack(settings)).up();
        assert.deepEqual(
          Object.keys(changes).filter((change) => change !== "same"),
          [],
        );
      });
    },
  );

  full("three ups and two restarts of MinIO", "trusts the authority of its namespace, and no other", async () => {
    const names = [`minio.${namespaces.minio}.svc`, `*.minio-svc.${namespaces.minio}.svc`];
    const [own, other] = await Promise.all(
      [1, 2].map(async () => selfSigned([`loki-gateway.${namespaces.loki}.svc`, ...names])),
    );
    const secret = { name: secretNames.tls };
    // Grafana's namespace exists from here on.
    await p.withSettings(grafana, async () => {
      const { certificate, key } = own!;
      for (const part of partNames)
        await p.cluster.core.createNamespacedSecret({
          namespace: namespaces[part],
          body: { metadata: secret, stringData: { "tls.crt": certificate, "tls.key": key, "ca.crt": certificate } },
        });
      try {
        await switchTls(p, { ...grafana, tls: { certificates: "given" } });
        const [pod, source] = await found();
        assert.match(source.url, /^https:/);
        assert.equal(source.authority, certificate);
        await assertFinds(pod, source);
        await assert.rejects(ask(pod, { ...source, authority: other!.certificate }), /certificate/);
      } finally {
        await switchTls(p, grafana);
        for (const part of partNames)
          await p.cluster.core.deleteNamespacedSecret({ namespace: namespaces[part], ...secret });
      }
    });
  });
});
