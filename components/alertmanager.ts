import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { alertmanagerName } from "../domain/names";
import {
  alertmanagerData,
  alertmanagerService,
  alertmanagerStatefulSet,
  selectorLabels,
} from "../render/alertmanager/objects";
import type { AlertmanagerSpec } from "../render/alertmanager/spec";
import type { Home } from "./home";

/** Args of {@link Alertmanager}. */
export interface AlertmanagerArgs extends AlertmanagerSpec {
  /** The namespace that it lives in, and what marks its objects as the stack's. */
  home: Pick<Home, "metadata" | "podLabels">;
}

/** An Alertmanager of the stack's own, in Loki's namespace: it notifies people of the alerts that Loki raises. */
export class Alertmanager extends pulumi.ComponentResource {
  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Alertmanager", name, {}, opts);
    const {
      home: { metadata, podLabels },
      ...spec
    } = args;
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: metadata(alertmanagerName), data: alertmanagerData(spec) },
      { parent: this },
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      // Pulumi would wait for an endpoint, and the pods wait for the Service.
      { metadata: metadata(alertmanagerName, { "pulumi.com/skipAwait": "true" }), spec: alertmanagerService },
      { parent: this },
    );
    new k8s.apps.v1.StatefulSet(
      `${name}-workload`,
      {
        metadata: metadata(alertmanagerName),
        spec: alertmanagerStatefulSet(spec, podLabels, metadata(alertmanagerName)),
      },
      { parent: this, dependsOn: [config, service] },
    );
    if (spec.instances > 1)
      new k8s.policy.v1.PodDisruptionBudget(
        `${name}-budget`,
        {
          metadata: metadata(alertmanagerName),
          spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels } },
        },
        { parent: this },
      );
    this.registerOutputs({});
  }
}
