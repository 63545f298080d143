import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { canaryName } from "../domain/names";
import { canaryDaemonSet, canaryLabels, canaryService } from "../render/canary/objects";
import type { CanarySpec } from "../render/canary/spec";
import type { Home } from "./home";

/** Args of {@link Canary}. */
export interface CanaryArgs extends CanarySpec {
  /** The namespace that it lives in, and what marks its objects as the stack's. */
  home: Pick<Home, "metadata" | "podLabels">;
}

/** A pod on every node, in Alloy's namespace, that writes lines and looks for them in Loki. */
export class Canary extends pulumi.ComponentResource {
  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Canary", name, {}, opts);
    const {
      home: { metadata, podLabels },
      ...spec
    } = args;
    // Logs arrive without it, so `up` does not wait for it; doctor tells if it does not run.
    const unawaited = metadata(canaryName, { "pulumi.com/skipAwait": "true" });
    // A ServiceMonitor finds the Service by this label.
    const labels = { ...unawaited.labels, ...canaryLabels };
    new k8s.core.v1.Service(
      `${name}-service`,
      { metadata: { ...unawaited, labels }, spec: canaryService },
      { parent: this },
    );
    new k8s.apps.v1.DaemonSet(
      `${name}-workload`,
      { metadata: unawaited, spec: canaryDaemonSet(spec, podLabels) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
