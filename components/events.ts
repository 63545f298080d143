import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { eventsName } from "../domain/names";
import {
  eventsClaim,
  eventsData,
  eventsDeployment,
  eventsLabels,
  eventsRights,
  eventsService,
} from "../render/events/objects";
import type { EventsSpec } from "../render/events/spec";
import { eventsRoleName } from "../render/ownership";
import { clusterRights } from "./clusterRights";
import type { Home } from "./home";
import { thisStack } from "./owner";

/** Args of {@link Events}. */
export interface EventsArgs extends EventsSpec {
  /** The namespace that it lives in, and what marks its objects as the stack's. */
  home: Pick<Home, "metadata" | "podLabels">;
}

/** A pod in Alloy's namespace that reads the events of the cluster and pushes them to Loki. */
export class Events extends pulumi.ComponentResource {
  constructor(name: string, args: EventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Events", name, {}, opts);
    const {
      home: { metadata, podLabels },
      ...spec
    } = args;
    // Logs arrive without it, so `up` does not wait for it; doctor tells if it does not run.
    const unawaited = metadata(eventsName, { "pulumi.com/skipAwait": "true" });
    // A ServiceMonitor finds the Service by this label.
    const labels = { ...unawaited.labels, ...eventsLabels };
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: metadata(eventsName), data: eventsData(spec) },
      { parent: this },
    );
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-claim`,
      { metadata: unawaited, spec: eventsClaim(spec) },
      { parent: this },
    );
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: {
          ...metadata(eventsName),
          annotations: { ...metadata(eventsName).annotations, ...spec.serviceAccountAnnotations },
        },
      },
      { parent: this },
    );
    const rights = clusterRights(
      name,
      {
        name: eventsRoleName(thisStack(), spec.namespace),
        rules: eventsRights,
        account: { name: eventsName, namespace: spec.namespace },
      },
      { parent: this },
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      { metadata: { ...unawaited, labels }, spec: eventsService },
      { parent: this },
    );
    new k8s.apps.v1.Deployment(
      `${name}-workload`,
      { metadata: unawaited, spec: eventsDeployment(spec, podLabels) },
      { parent: this, dependsOn: [config, claim, account, ...rights] },
    );
    this.registerOutputs({});
  }
}
