import { dnsLabel, labelText } from "./kinds";

/** Containers that a rule of Alloy's is about. */
export const containers = {
  namespace: dnsLabel({ about: "Namespace of the pods; unset: any.", example: "shop" }).optional(),
  app: labelText({ about: "Their label `app`; unset: any.", example: "web" }).optional(),
  container: dnsLabel({ about: "Name of the container; unset: any.", example: "server" }).optional(),
};
