import assert from "node:assert/strict";

import { tierJob } from "../../../../render/minio/tierJob";
import { planOf } from "../../../../render/plan";
import { settingsFor, someTier, type Overrides } from "../../../support/stack";
import { at, type Tree } from "../../../support/tree";

const tiered: Overrides = { minio: { tier: someTier }, retention: { coldDays: 365 } };

describe("the Job of a remote tier", () => {
  const podOf = (overrides: Overrides = {}) =>
    (tierJob(planOf(settingsFor("prod", { ...tiered, ...overrides })).remoteTier!).template as unknown as Tree).spec!;
  const [container] = podOf().containers as unknown as [Tree];
  const variables = container.env as unknown as {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef: { name: string; key: string } };
  }[];

  it("satisfies Pod Security restricted, with a read-only root, limits, and no token", () => {
    assert.deepEqual([podOf().automountServiceAccountToken, podOf().securityContext?.runAsNonRoot], [false, true]);
    assert.deepEqual(
      [
        container.securityContext?.readOnlyRootFilesystem,
        container.securityContext?.allowPrivilegeEscalation,
        container.securityContext?.capabilities?.drop,
      ],
      [true, false, ["ALL"]],
    );
    assert.equal(container.resources?.limits?.memory, "256Mi");
  });

  it("takes its image from the mirror, by digest where one is set, with the pull Secrets", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const pod = podOf({ images: { mirror: "mirror.example.com", pullSecrets: ["a"], minio: { digest } } });
    assert.equal(at(pod, "containers", "0", "image"), `mirror.example.com/pgsty/silo@${digest}`);
    assert.deepEqual(pod.imagePullSecrets, [{ name: "a" }]);
    assert.equal(container.image, "docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z");
  });

  it("has credentials from Secrets alone, root's from MinIO's own", () => {
    const secrets = variables.flatMap(({ name, valueFrom }) =>
      valueFrom === undefined ? [] : [[name, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key]],
    );
    assert.deepEqual(secrets, [
      ["ROOT_USER", "minio-root", "rootUser"],
      ["ROOT_PASSWORD", "minio-root", "rootPassword"],
      ["ACCESS_KEY", "cold-tier", "accessKey"],
      ["SECRET_KEY", "cold-tier", "secretKey"],
    ]);
    assert.equal(
      variables.find(({ name }) => name === "MC_HOST_store")?.value,
      "http://$(ROOT_USER):$(ROOT_PASSWORD)@minio.logharbor-minio.svc:9000",
    );
  });

  it("knows MinIO by its authority where that speaks TLS, and reads no key", () => {
    const pod = podOf({ tls: { certificates: "given" } });
    const said = JSON.stringify(pod);
    assert.ok(
      said.includes("https://$(ROOT_USER):$(ROOT_PASSWORD)@minio.") &&
        said.includes('{"name":"SSL_CERT_FILE","value":"/etc/logharbor-tls/ca.crt"}'),
    );
    assert.deepEqual(at(pod, "volumes", "1", "secret", "items"), [{ key: "ca.crt", path: "ca.crt" }]);
    assert.ok(!JSON.stringify(podOf()).includes("tls"));
  });

  it("runs one script, which takes every value from a variable", () => {
    const [shell, flag, script] = container.command as unknown as string[];
    assert.deepEqual([shell, flag], ["/bin/sh", "-c"]);
    assert.ok(script!.includes('*"\\"$TIER\\""*)'), "a tier is known by its whole name");
    const names = variables.map(({ name }) => name);
    for (const [, used] of script!.matchAll(/\$([A-Z_]+)/g)) assert.ok(names.includes(used!), used);
    for (const value of ["cold-logs", "s3.example.com", "loki-bucket"]) assert.ok(!script!.includes(value), value);
  });
});
