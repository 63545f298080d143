import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { wayIn, type ExposureSpec } from "../render/exposure";
import type { Home } from "./home";

/**
 * The Ingress or HTTPRoute that leads from outside of the cluster to a Service, under the Service's name. None if the
 * Service is not exposed.
 */
export function exposed(
  name: string,
  { metadata, exposure }: Pick<Home, "metadata"> & { exposure?: ExposureSpec },
  opts: pulumi.CustomResourceOptions,
): void {
  if (exposure === undefined) return;
  const { annotations, apiVersion, kind, spec } = wayIn(exposure);
  const object = { metadata: metadata(exposure.service.name, annotations), spec };
  if (kind === "Ingress") new k8s.networking.v1.Ingress(name, object, opts);
  else new k8s.apiextensions.CustomResource(name, { apiVersion, kind, ...object }, opts);
}
