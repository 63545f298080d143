import assert from "node:assert/strict";

import type { V1DeploymentSpec, V1PodTemplateSpec } from "@kubernetes/client-node";

import { eventsClaim, eventsDeployment, eventsRights } from "../../../../render/events/objects";
import { planOf } from "../../../../render/plan";
import { stackRequests } from "../../../../render/requests";
import { settingsFor, type Overrides } from "../../../support/stack";

const specOf = (overrides: Overrides = {}) => {
  const { alloy, ...more } = overrides as { alloy?: Overrides };
  return planOf(settingsFor("dev", { ...more, alloy: { events: { enabled: true }, ...alloy } })).alloy.events!;
};
const deploymentOf = (overrides?: Overrides) =>
  eventsDeployment(specOf(overrides), {}) as unknown as V1DeploymentSpec & { template: V1PodTemplateSpec };

describe("the reader of events", () => {
  it("is one pod, never two at a time, with its position on a volume", () => {
    const { replicas, strategy, template } = deploymentOf();
    assert.equal(replicas, 1);
    assert.deepEqual(strategy, { type: "Recreate" });
    const { volumeMounts, args } = template.spec!.containers[0]!;
    const storage = args!.find((arg) => arg.startsWith("--storage.path="))!.split("=")[1];
    const mount = volumeMounts!.find(({ mountPath }) => mountPath === storage);
    const volume = template.spec!.volumes!.find(({ name }) => name === mount?.name);
    assert.deepEqual(volume?.persistentVolumeClaim, { claimName: "logharbor-events" });
    assert.equal(eventsClaim(specOf({ storageClass: "fast" })).storageClassName, "fast");
  });

  it("leaves a node that is away: it tolerates only taints that the settings name", () => {
    assert.equal(deploymentOf().template.spec!.tolerations, undefined);
    const dedicated = { key: "dedicated", operator: "Exists" };
    const placed = deploymentOf({ alloy: { tolerations: [{ operator: "Exists" }, dedicated] } });
    assert.deepEqual(placed.template.spec!.tolerations, [dedicated]);
  });

  it("may read events, and one Service", () => {
    assert.deepEqual(
      eventsRights.map(({ resources, resourceNames }) => [resources, resourceNames]),
      [
        [["events"], undefined],
        [["services"], ["kubernetes"]],
      ],
    );
    for (const { verbs } of eventsRights) assert.deepEqual(verbs, ["get", "list", "watch"]);
  });

  it("passes Pod Security restricted, whatever Alloy needs", () => {
    const { containers, securityContext, volumes } = deploymentOf().template.spec!;
    assert.equal(securityContext?.runAsNonRoot, true);
    assert.equal(containers[0]!.securityContext?.readOnlyRootFilesystem, true);
    assert.ok(!volumes!.some(({ hostPath }) => hostPath !== undefined));
  });

  it("restarts with a new pipeline and with a new password", () => {
    const annotations = (overrides?: Overrides) => deploymentOf(overrides).template.metadata!.annotations;
    const basic = { gateway: { authentication: "basic" } };
    assert.notDeepEqual(annotations({ alloy: { excludeNamespaces: ["a"] } }), annotations());
    assert.notDeepEqual(annotations({ ...basic, rotation: { gateway: 2 } }), annotations(basic));
  });

  it("is counted among what the scheduler reserves, once", () => {
    const requests = (enabled: boolean) => stackRequests(settingsFor("dev", { alloy: { events: { enabled } } }));
    const [off, on] = [requests(false), requests(true)];
    assert.deepEqual(on.perNode, off.perNode);
    assert.equal(on.fixed.memory - off.fixed.memory, 128 * 2 ** 20);
  });
});
