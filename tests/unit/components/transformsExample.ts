import type * as pulumi from "@pulumi/pulumi";
import { Loki } from "../../../components";

type Metadata = { labels?: Record<string, string> };

/** Gives namespaces a label, and Helm more time. */
const ours: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type === "kubernetes:core/v1:Namespace") {
    const metadata = props.metadata as Metadata;
    return { props: { ...props, metadata: { ...metadata, labels: { ...metadata.labels, team: "platform" } } }, opts };
  }
  return type === "kubernetes:helm.sh/v3:Release" ? { props: { ...props, timeout: 1800 }, opts } : undefined;
};

export const loki = () =>
  new Loki(
    "logs",
    { storeUrl: "https://s3.example.com", accessKeyId: "loki", secretAccessKey: "…" },
    { transforms: [ours] },
  );
