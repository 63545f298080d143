import assert from "node:assert/strict";

import { ForeignObjectsError } from "../../../../changes/ownership/foreign";
import { foreignObjects, isClaimOf, type Content } from "../../../../changes/ownership/foreignObjects";
import { ownerAnnotation } from "../../../../render/ownership";
import { recordedOwner as owner } from "../../../support/inventory";
import { settingsFor, someTier } from "../../../support/stack";

const namespace = "logharbor-minio";
const settings = settingsFor("dev", {
  minio: { tier: someTier },
  images: { pullSecrets: ["registry"] },
  tls: { certificates: "given" },
});
const content = (kind: string, name: string, over: Partial<Content> = {}): Content => ({
  kind,
  name,
  namespace,
  labels: {},
  annotations: {},
  managers: [],
  uid: `${kind}/${name}`,
  owners: [],
  ...over,
});
const ofRelease = (kind: string, name: string) =>
  content(kind, name, {
    annotations: { "meta.helm.sh/release-name": "minio", "meta.helm.sh/release-namespace": namespace },
  });
const foreign = (...contents: Content[]) =>
  foreignObjects(contents, { part: "minio", settings, owner, known: new Set([`Secret ${namespace}/earlier`]) }).map(
    ({ kind, name }) => `${kind} ${name}`,
  );

/** What is in a namespace of MinIO that nobody else has touched, and why it is nobody else's. */
const own: [why: string, ...contents: Content[]][] = [
  ["marked by the stack", content("Secret", "minio-root", { annotations: { [ownerAnnotation]: "logharbor/test" } })],
  ["in the stack's state, made by an earlier version", content("Secret", "earlier")],
  ["of the release", ofRelease("StatefulSet", "minio"), ofRelease("Service", "minio")],
  [
    "the release's record",
    content("Secret", "sh.helm.release.v1.minio.v1", { labels: { owner: "helm", name: "minio" } }),
  ],
  [
    "made for what is the release's, over several steps",
    ofRelease("Deployment", "minio"),
    content("ReplicaSet", "minio-1", { owners: ["Deployment/minio"] }),
    content("Pod", "minio-1-a", { owners: ["ReplicaSet/minio-1"] }),
  ],
  [
    "a claim of the StatefulSet",
    content("PersistentVolumeClaim", "export-0-minio-3", { labels: { app: "minio", release: "minio" } }),
  ],
  [
    "made by Kubernetes in each namespace",
    content("ConfigMap", "kube-root-ca.crt"),
    content("ServiceAccount", "default"),
    content("Secret", "default-token-x", { annotations: { "kubernetes.io/service-account.name": "default" } }),
  ],
  [
    "what follows from others",
    content("Event", "x"),
    content("Endpoints", "minio"),
    content("EndpointSlice", "minio-x"),
    content("Lease", "x"),
  ],
  [
    "cert-manager's for the stack's Certificate",
    content("Secret", "logharbor-tls-next", { annotations: { "cert-manager.io/certificate-name": "logharbor" } }),
  ],
  [
    "the operator's, named by settings",
    content("Secret", "cold-tier"),
    content("Secret", "registry"),
    content("Secret", "logharbor-tls"),
  ],
];

describe("others' objects in a namespace of the stack", () => {
  for (const [why, ...contents] of own) it(`are not what is ${why}`, () => assert.deepEqual(foreign(...contents), []));

  it("are told among all of the stack's", () => {
    const theirs = [
      content("ConfigMap", "settings"),
      content("Secret", "minio-root-copy"),
      content("Pod", "debug"),
      content("Deployment", "exporter", {
        annotations: { "meta.helm.sh/release-name": "exporter", "meta.helm.sh/release-namespace": namespace },
      }),
      content("ReplicaSet", "exporter-1", { owners: ["Deployment/exporter"] }),
      content("Secret", "sh.helm.release.v1.exporter.v1", { labels: { owner: "helm", name: "exporter" } }),
      content("Secret", "shop", { annotations: { [ownerAnnotation]: "shop/test" } }),
      content("PersistentVolumeClaim", "backup-minio-0", { labels: {} }),
      content("Widget", "of-a-custom-kind"),
    ];
    assert.deepEqual(
      foreign(...own.flatMap(([, ...contents]) => contents), ...theirs),
      theirs.map(({ kind, name }) => `${kind} ${name}`),
    );
  });

  it("are listed by a refusal, with the ways on", () => {
    const error = new ForeignObjectsError("dev", [{ kind: "Pod", namespace: "a", name: "b" }]);
    assert.equal(
      error.message,
      `The namespaces of stack "dev" hold an object that does not belong to it, so nothing was touched:\n  a: Pod ` +
        "b\n  -> move them elsewhere\n  -> or remove them with the stack: npm run destroy -- --stack dev " +
        "--with-foreign",
    );
  });
});

describe("claims of a release", () => {
  it("have the name and the labels of its StatefulSets", () => {
    const minio = { app: "minio", release: "minio" };
    const loki = { "app.kubernetes.io/instance": "loki" };
    assert.ok(isClaimOf("minio", "export-minio-0", minio) && isClaimOf("minio", "export-1-minio-12", minio));
    assert.ok(
      isClaimOf("loki", "data-loki-write-0", loki) &&
        isClaimOf("loki", "data-loki-chunks-cache-0", loki) &&
        isClaimOf("loki", "storage-loki-0", loki),
    );
    assert.ok(
      !isClaimOf("minio", "export-minio-0", {}) &&
        !isClaimOf("minio", "backup", minio) &&
        !isClaimOf("minio", "data-loki-0", loki) &&
        !isClaimOf("minio", "x-minio-old", minio),
    );
  });
});
