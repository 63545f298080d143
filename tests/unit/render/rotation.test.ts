import assert from "node:assert/strict";

import { credentialsOf, generationAnnotations, generationOf } from "../../../render/rotation";
import { releasesOf } from "../../../render/releases";
import { settingsFor, type Overrides } from "../../support/stack";

const basic = { gateway: { authentication: "basic" } };

describe("generations of credentials", () => {
  /** The generations that the pods of each release are annotated with. */
  const annotated = (overrides: Overrides) =>
    releasesOf(settingsFor("dev", overrides)).flatMap(({ name, values }) =>
      [...JSON.stringify(values).matchAll(/logharbor\.io\/([a-z-]+-generation)":"(\d+)"/g)].map(
        ([, annotation, number]) => `${name}: ${annotation} ${number}`,
      ),
    );

  it("are the one in use, and while it is unfinished the one before", () => {
    const rotation = { gateway: 3, lokiStore: 2, unfinished: ["lokiStore"] };
    const settings = settingsFor("dev", { rotation });
    assert.deepEqual(generationOf(settings, "gateway"), { current: 3 });
    assert.deepEqual(generationOf(settings, "lokiStore"), { current: 2, previous: 1 });
    assert.deepEqual(generationOf(settings, "minioRoot"), { current: 1 });
  });

  it("restart the pods that read the credential, and no other", () => {
    assert.deepEqual(annotated({ ...basic, rotation: { gateway: 2 } }), [
      "alloy: gateway-generation 2",
      "grafana: gateway-generation 2",
    ]);
    assert.deepEqual(annotated({ rotation: { lokiStore: 2 } }), ["loki: loki-store-generation 2"]);
    assert.deepEqual(annotated({ rotation: { minioRoot: 2 } }), ["minio: minio-root-generation 2"]);
    // Its pod reads the password only when it makes its database.
    assert.deepEqual(annotated({ rotation: { grafana: 2 } }), []);
  });

  it("leave pods alone that never saw another one, or read none", () => {
    assert.deepEqual(annotated(basic), []);
    assert.deepEqual(annotated({ rotation: { gateway: 2 } }), []);
    assert.deepEqual(generationAnnotations("lokiStore", { current: 1 }), {});
  });

  it("belong to credentials that the stack has", () => {
    assert.deepEqual(credentialsOf(settingsFor("dev")), ["grafana", "lokiStore", "minioRoot"]);
    assert.deepEqual(credentialsOf(settingsFor("dev", { ...basic, grafana: { enabled: false } })), [
      "gateway",
      "lokiStore",
      "minioRoot",
    ]);
  });
});
