import { nothing } from "../../../support/existing";
import { describeDangers } from "./cases";

describeDangers("namespaces", {
  cases: [
    {
      title: "MinIO in another namespace",
      after: { namespaces: { minio: "elsewhere" } },
      but: (existing) => (existing.minio = nothing.minio),
      key: "namespaces.minio",
      says: /lives in logharbor-minio: that namespace and every log in it would be deleted/,
      remedy: /back to logharbor-minio/,
      allow: "namespace-moved",
    },
  ],
  harmless: [],
});
