import * as k8s from "@pulumi/kubernetes";
import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { secretNames } from "../domain/names";
import type { Part } from "../domain/parts";
import { metricsNames, metricsPolicy, metricsToken } from "../render/minio/metricsUser";
import { monitorName, prometheusRuleName, type Scraped } from "../render/monitoring/names";
import { ruleGroups } from "../render/monitoring/rules";
import { serviceMonitor, tokenKey } from "../render/monitoring/scrapes";
import type { MonitoringSpec } from "../render/monitoring/spec";
import { marksOf } from "../render/ownership";
import type { Labels } from "../render/pod";
import { thisStack } from "./owner";

/** Args of {@link Monitoring}. */
export interface MonitoringArgs extends MonitoringSpec {
  /** Options of objects in MinIO: its provider. Default: the stack has no MinIO. */
  inMinio?: pulumi.CustomResourceOptions;
}

const operatorApi = "monitoring.coreos.com/v1";

/**
 * What a Prometheus needs: a token for MinIO's metrics, and, for the Prometheus operator, ServiceMonitors and alerts.
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, { inMinio, ...spec }: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:Monitoring", name, {}, opts);
    const { canary, events, labels, namespaces, operator, parts } = spec;
    const metadata = (part: Part, object: string, more: Labels = {}) => {
      const marks = marksOf(thisStack(), part);
      return { ...marks, labels: { ...more, ...marks.labels }, name: object, namespace: namespaces[part] };
    };

    if (inMinio !== undefined)
      new k8s.core.v1.Secret(
        `${name}-token`,
        {
          metadata: metadata("minio", secretNames.minioMetrics),
          stringData: { [tokenKey]: metricsTokenIn(name, inMinio, this) },
        },
        { parent: this },
      );
    if (operator) {
      const scraped: [Part, Scraped][] = parts.map((part) => [part, part]);
      if (canary) scraped.push(["alloy", "canary"]);
      if (events) scraped.push(["alloy", "events"]);
      for (const [part, what] of scraped)
        new k8s.apiextensions.CustomResource(
          `${name}-${what}`,
          {
            apiVersion: operatorApi,
            kind: "ServiceMonitor",
            metadata: metadata(part, monitorName(what), labels),
            spec: serviceMonitor(what, spec),
          },
          { parent: this },
        );
      new k8s.apiextensions.CustomResource(
        `${name}-alerts`,
        {
          apiVersion: operatorApi,
          kind: "PrometheusRule",
          metadata: metadata("loki", prometheusRuleName, labels),
          spec: { groups: ruleGroups(spec) },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/** Makes the user in MinIO that may read metrics, and returns its token. */
function metricsTokenIn(
  name: string,
  inMinio: pulumi.CustomResourceOptions,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const child = { ...inMinio, parent };
  const password = new random.RandomPassword(`${name}-password`, { length: 40, special: false }, { parent }).result;
  const user = new minio.IamUser(`${name}-user`, { name: metricsNames.user, secret: password }, child);
  const policy = new minio.IamPolicy(`${name}-policy`, { name: metricsNames.policy, policy: metricsPolicy() }, child);
  new minio.IamUserPolicyAttachment(`${name}-attachment`, { userName: user.name, policyName: policy.name }, child);
  return pulumi.secret(password.apply(metricsToken));
}
