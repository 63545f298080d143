import assert from "node:assert/strict";

import fc from "fast-check";

import { chartLocation } from "../../../components/release";
import { parseQuantity } from "../../../domain/quantity";
import type { ChartSource } from "../../../config/settings";
import { alloyRights } from "../../../render/alloy/rights";
import { alloyValues } from "../../../render/alloy/values";
import { dashboard, place, type Panel as Placed } from "../../../render/grafana/dashboard";
import { dataSourceUid, grafanaValues } from "../../../render/grafana/values";
import { lokiValues } from "../../../render/loki/values";
import { minioValues } from "../../../render/minio/values";
import { planOf } from "../../../render/plan";
import { outputsOf } from "../../../render/outputs";
import { containerResources, mirrored, secretRefs, storageClassValue } from "../../../render/pod";
import { formatRequests, stackRequests } from "../../../render/requests";
import { storePolicy } from "../../../render/minio/storePolicy";
import { settingsFor, type Overrides } from "../../support/stack";
import { textAt } from "../../support/tree";

type Tree = { [key: string]: Tree };

const digest = `sha256:${"a".repeat(64)}`;

const allValues = (profile: "dev" | "prod", overrides: Overrides = {}) => {
  const settings = settingsFor(profile, overrides);
  return {
    minio: minioValues(planOf(settings).minio),
    loki: lokiValues(planOf(settings).loki),
    alloy: alloyValues(planOf(settings).alloy),
    grafana: grafanaValues(planOf(settings).grafana!),
  } as unknown as { minio: Tree; loki: Tree; alloy: Tree; grafana: Tree };
};

describe("addresses", () => {
  it("of dev go to Loki itself, those of prod to its gateway", () => {
    assert.deepEqual(planOf(settingsFor("dev")).addresses, {
      minio: "http://minio.logharbor-minio.svc:9000",
      minioConsole: "http://minio-console.logharbor-minio.svc:9001",
      loki: "http://loki.logharbor-loki.svc:3100",
      grafana: "http://grafana.logharbor-grafana.svc:80",
    });
    assert.equal(planOf(settingsFor("prod")).addresses.loki, "http://loki-gateway.logharbor-loki.svc:80");
  });

  it("leave Grafana out where there is none", () => {
    assert.ok(!("grafana" in planOf(settingsFor("dev", { grafana: { enabled: false } })).addresses));
  });

  it("are the ones that Alloy and Grafana use", () => {
    for (const profile of ["dev", "prod"] as const) {
      const { loki } = planOf(settingsFor(profile)).addresses;
      const { alloy, grafana } = allValues(profile);
      assert.ok(textAt(alloy, "alloy", "configMap", "content").includes(`"${loki}/loki/api/v1/push"`));
      assert.ok(JSON.stringify(grafana.datasources).includes(`"url":"${loki}"`));
    }
  });
});

describe("the tenant", () => {
  it("is one value for Alloy and for the data source", () => {
    const { alloy, grafana } = allValues("dev", { tenant: "team-a" });
    assert.ok(textAt(alloy, "alloy", "configMap", "content").includes('tenant_id = "team-a"'));
    const [source] = grafana.datasources?.["datasources.yaml"]?.datasources as unknown as [Tree];
    assert.deepEqual(
      [source.uid, source.jsonData?.httpHeaderName1, source.secureJsonData?.httpHeaderValue1],
      [dataSourceUid, "X-Scope-OrgID", "team-a"],
    );
  });
});

describe("the policy of Loki's user", () => {
  it("has exactly four actions, on its own buckets and nothing else", () => {
    const policy = JSON.parse(storePolicy(["a", "b"])) as {
      Statement: { Effect: string; Action: string[]; Resource: string[] }[];
    };
    assert.deepEqual(policy.Statement, [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::a", "arn:aws:s3:::b"] },
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
      },
    ]);
  });
});

describe("images", () => {
  const image = { registry: "docker.io", repository: "grafana/loki", tag: "3.7.6" };

  it("come from the mirror where one is set", () => {
    assert.deepEqual(mirrored(image, undefined), image);
    assert.deepEqual(mirrored(image, "mirror.example.com/all"), { ...image, registry: "mirror.example.com/all" });
  });

  it("of every chart come from the mirror, and none from elsewhere", () => {
    const values = allValues("prod", { images: { mirror: "mirror.example.com" } });
    assert.equal(values.minio.image?.repository, "mirror.example.com/pgsty/silo");
    for (const registry of [
      values.loki.loki?.image?.registry,
      values.loki.gateway?.image?.registry,
      values.alloy.image?.registry,
      values.grafana.image?.registry,
    ])
      assert.equal(registry, "mirror.example.com");
    assert.ok(!JSON.stringify(values).includes("docker.io"));
  });

  it("of every chart take a digest", () => {
    const values = allValues("prod", {
      images: Object.fromEntries(["minio", "loki", "alloy", "grafana", "gateway"].map((part) => [part, { digest }])),
    });
    assert.match(textAt(values.minio, "image", "tag"), new RegExp(`@${digest}$`));
    assert.deepEqual(
      [values.loki.loki?.image?.digest, values.loki.gateway?.image?.digest, values.alloy.image?.digest],
      [digest, digest, digest],
    );
    assert.equal(values.grafana.image?.sha, "a".repeat(64), "its chart writes sha256: itself");
  });

  it("are never MinIO's own, which are gone", () => {
    assert.match(textAt(allValues("dev").minio, "image", "repository"), /^docker\.io\/pgsty\/silo$/);
  });

  it("are pulled with the named Secrets by every part", () => {
    const { minio, loki, alloy, grafana } = allValues("dev", { images: { pullSecrets: ["a"] } });
    for (const refs of [minio.imagePullSecrets, loki.imagePullSecrets, alloy.global?.image?.pullSecrets])
      assert.deepEqual(refs, secretRefs(["a"]));
    assert.deepEqual(grafana.image?.pullSecrets, ["a"]);
  });
});

describe("charts", () => {
  const chart: ChartSource = { repository: "https://charts.example.com", version: "1.2.3" };

  it("come from a repository, an OCI address or a path", () => {
    assert.deepEqual(chartLocation("loki", chart), {
      chart: "loki",
      version: "1.2.3",
      repositoryOpts: { repo: "https://charts.example.com" },
    });
    assert.deepEqual(chartLocation("loki", { ...chart, repository: "oci://ghcr.io/charts/" }), {
      chart: "oci://ghcr.io/charts/loki",
      version: "1.2.3",
    });
    assert.deepEqual(chartLocation("loki", { ...chart, path: "/srv/charts/loki" }), { chart: "/srv/charts/loki" });
  });
});

describe("values of the charts", () => {
  for (const profile of ["dev", "prod"] as const) {
    it(`${profile}: hold nothing that a chart's templating would change`, () => {
      assert.ok(!JSON.stringify(allValues(profile)).includes("{{"));
    });

    it(`${profile}: hold no undefined, which Helm would take for null`, () => {
      const values = allValues(profile);
      assert.deepEqual(JSON.parse(JSON.stringify(values)), values);
    });

    it(`${profile}: a StorageClass reaches every volume, and none is named by default`, () => {
      assert.ok(!/"storageClass(Name)?"/.test(JSON.stringify(allValues(profile))));
      const { minio, loki, grafana } = allValues(profile, { storageClass: "fast" });
      const volumes = [
        minio.persistence?.storageClass,
        loki.singleBinary?.persistence?.storageClass,
        loki.write?.persistence?.storageClass,
        loki.backend?.persistence?.storageClass,
        grafana.persistence?.storageClassName,
      ];
      assert.deepEqual(volumes, ["fast", "fast", "fast", "fast", "fast"]);
    });

    it(`${profile}: deleting a release leaves Loki's volumes`, () => {
      const { loki } = allValues(profile);
      for (const part of ["singleBinary", "write", "backend"])
        assert.equal(loki[part]?.persistence?.enableStatefulSetAutoDeletePVC, false, part);
    });

    it(`${profile}: MinIO has no default user, policy, bucket or password`, () => {
      const { minio } = allValues(profile);
      assert.deepEqual(
        [minio.users, minio.policies, minio.buckets, minio.rootUser, minio.rootPassword],
        [[], [], [], undefined, undefined],
      );
      assert.equal(minio.existingSecret, "minio-root");
    });

    it(`${profile}: Alloy may read pods and namespaces, and no Secret or ConfigMap`, () => {
      assert.deepEqual(allValues(profile).alloy.rbac, { create: false });
      const rules = alloyRights(settingsFor(profile).alloy);
      const resources = rules.flatMap((rule) => rule.resources);
      assert.deepEqual(resources, ["pods", "namespaces"]);
      for (const rule of rules) assert.deepEqual(rule.verbs, ["get", "list", "watch"]);
    });

    it(`${profile}: nothing in the cluster is asked for that we do not run`, () => {
      const { loki } = allValues(profile);
      for (const part of [
        "memcachedExporter",
        "lokiCanary",
        "test",
        ...(profile === "dev" ? ["chunksCache", "resultsCache", "memcached", "gateway"] : []),
      ])
        assert.equal(loki[part]?.enabled, false, part);
    });
  }

  it("MinIO in prod is 4 servers of 2 drives, in dev one server", () => {
    assert.deepEqual(
      [allValues("prod").minio.mode, allValues("prod").minio.replicas, allValues("prod").minio.drivesPerNode],
      ["distributed", 4, 2],
    );
    assert.deepEqual(
      [allValues("dev").minio.mode, allValues("dev").minio.replicas, allValues("dev").minio.drivesPerNode],
      ["standalone", 1, 1],
    );
  });

  it("a container's resources have a CPU limit only where one is set", () => {
    const resources = { cpuRequest: "100m", memoryRequest: "256Mi", memoryLimit: "1Gi" };
    assert.deepEqual(containerResources(resources), {
      requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
      limits: { memory: "1Gi", "ephemeral-storage": "1Gi" },
    });
    assert.deepEqual(containerResources({ ...resources, cpuLimit: "1" }, "5Gi").limits, {
      cpu: "1",
      memory: "1Gi",
      "ephemeral-storage": "5Gi",
    });
    assert.deepEqual(storageClassValue(undefined), {});
  });

  it("only what reads files has root, a host path and a looser container", () => {
    const ofSource = (source: string) => JSON.stringify(allValues("dev", { alloy: { source } }).alloy);
    assert.ok(!/hostPath|"runAsUser":0/.test(ofSource("kubernetes-api")));
    assert.ok(/"hostPath"/.test(ofSource("files")) && /"runAsUser":0/.test(ofSource("files")));
  });
});

describe("the dashboard", () => {
  type Panel = {
    id: number;
    title: string;
    datasource: { uid: string };
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  };
  const { namespaces } = settingsFor("dev");
  const panels = dashboard(dataSourceUid, namespaces).panels as Panel[];

  const assertApart = (positions: Panel["gridPos"][]) => {
    const taken = new Set<string>();
    for (const at of positions) {
      assert.ok(at.x >= 0 && at.x + at.w <= 24);
      for (let x = at.x; x < at.x + at.w; x++) {
        for (let y = at.y; y < at.y + at.h; y++) {
          assert.ok(!taken.has(`${x},${y}`), `two panels at ${x},${y}`);
          taken.add(`${x},${y}`);
        }
      }
    }
  };

  it("has no two panels in one place, and none outside the 24 columns", () => {
    assertApart(panels.map(({ gridPos }) => gridPos));
  });

  it("would have none whatever the sizes of its panels", () => {
    const panel = fc
      .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 12 }) })
      .map((size): Placed => ({ title: "", type: "stat", expr: "", ...size }));
    fc.assert(
      fc.property(fc.array(panel, { maxLength: 20 }), (sizes) =>
        assertApart(place(sizes).map(({ gridPos }) => gridPos)),
      ),
    );
  });

  it("reads the provisioned data source, with distinct ids and titles", () => {
    assert.ok(panels.every(({ datasource }) => datasource.uid === dataSourceUid));
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  });

  it("looks at the namespaces that are set", () => {
    const names = { minio: "m", loki: "l", alloy: "a", grafana: "g" };
    const queries = (dashboard("u", names).panels as Panel[])
      .flatMap(({ targets }) => targets.map(({ expr }) => expr))
      .join("\n");
    assert.ok(
      queries.includes('namespace="l"') && queries.includes('namespace="a"') && !queries.includes("logharbor-"),
    );
  });

  it("has queries with balanced brackets and quotes", () => {
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      for (const pair of ["()", "{}", "[]"])
        assert.equal(expr.split(pair[0]!).length, expr.split(pair[1]!).length, expr);
      assert.equal(expr.split('"').length % 2, 1, expr);
    }
  });
});

describe("requests", () => {
  it("are the sum of what the pods request", () => {
    assert.deepEqual(formatRequests(stackRequests(settingsFor("dev")).fixed), { cpu: "250m", memory: "640Mi" });
    assert.deepEqual(formatRequests(stackRequests(settingsFor("prod")).fixed), { cpu: "6800m", memory: "15169Mi" });
  });

  it("grow with each server by one server's, whatever it requests", () => {
    const cpu = fc.integer({ min: 1, max: 4000 }).map((milli) => `${milli}m`);
    const memory = fc.integer({ min: 1, max: 2000 }).map((mi) => `${mi}Mi`);
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 15 }), cpu, memory, (servers, cpuRequest, memoryRequest) => {
        const of = (count: number) =>
          stackRequests(
            settingsFor("dev", {
              minio: { servers: count, resources: { cpuRequest, memoryRequest, memoryLimit: "4Gi" } },
            }),
          ).fixed;
        const [less, more] = [of(servers), of(servers + 1)];
        assert.equal(Math.round((more.cpu - less.cpu) * 1000), Math.round(parseQuantity(cpuRequest) * 1000));
        assert.equal(more.memory - less.memory, parseQuantity(memoryRequest));
      }),
    );
  });

  it("leave Grafana out where there is none", () => {
    const { fixed } = stackRequests(settingsFor("dev", { grafana: { enabled: false } }));
    assert.deepEqual(formatRequests(fixed), { cpu: "200m", memory: "512Mi" });
  });
});

describe("outputs", () => {
  it("say where things are, and in which Secrets the credentials", () => {
    const outputs = outputsOf(settingsFor("dev", { tenant: "team-a", namespaces: { grafana: "dash" } }));
    assert.deepEqual(outputs.secrets, {
      minioRoot: { namespace: "logharbor-minio", name: "minio-root" },
      lokiStore: { namespace: "logharbor-loki", name: "loki-object-store" },
      grafanaAdmin: { namespace: "dash", name: "grafana-admin" },
    });
    assert.equal(outputs.tenant, "team-a");
    assert.match(outputs.grafanaAccess?.open ?? "", /^kubectl -n dash port-forward svc\/grafana 3000:80/);
  });

  it("have nothing of Grafana where there is none", () => {
    const outputs = outputsOf(settingsFor("dev", { grafana: { enabled: false } }));
    assert.ok(
      !JSON.stringify(outputs).toLowerCase().includes("grafana/grafana") &&
        !("grafanaAccess" in outputs) &&
        !("grafana" in outputs.namespaces) &&
        !("grafana" in outputs.versions),
    );
  });

  it("name each image as it is pulled, and each chart as it is found", () => {
    const { versions } = outputsOf(
      settingsFor("dev", {
        images: { mirror: "mirror.example.com", loki: { digest } },
        charts: { minio: { path: "/srv/minio" } },
      }),
    );
    assert.deepEqual(versions.loki, { chart: "18.11.0", image: `mirror.example.com/grafana/loki@${digest}` });
    assert.deepEqual(versions.minio, {
      chart: "/srv/minio",
      image: "mirror.example.com/pgsty/silo:RELEASE.2026-09-16T00-00-00Z",
    });
  });
});
