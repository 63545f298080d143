import { Alloy, Loki, topologies } from "logharbor";

/*
 * A Pulumi program of your own that takes two of the components: Loki on a bucket in S3 that exists, and the Alloy that
 * feeds it. All else has the defaults of the profile `dev`.
 */
const loki = new Loki("logs", {
  topology: topologies["ha-monolithic"],
  storeRegion: "eu-central-1",
  storeCredentials: "identity",
  serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/loki" },
  buckets: { chunks: "our-logs" },
});

new Alloy("agents", { lokiUrl: "http://loki-gateway.logharbor-loki.svc:80" }, { dependsOn: loki });

export const release = loki.release.name;
