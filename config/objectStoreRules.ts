import { isIP } from "node:net";

import { secretNames } from "../domain/names";
import { hasExistingStore, hasMinio, isAws, isMinioIn } from "../domain/objectStore";
import type { SettingProblem } from "../domain/problem";
import type { Rule } from "./rule";
import type { Settings } from "./settings";

/** Refuses an object store that nothing uses, that lacks something, or that leaves settings of MinIO without one. */
export const objectStoreRules: readonly Rule[] = [
  { reads: ["objectStore"], judge: unused },
  { reads: ["objectStore", "namespaces.minio"], judge: address },
  { reads: ["objectStore", "alerts.storage"], judge: buckets },
  { reads: ["objectStore"], judge: login },
  { reads: ["objectStore"], judge: pathStyle },
  { reads: ["objectStore", "minio.tier", "minio.endpoint", "existingNamespaces", "rotation"], judge: withoutMinio },
];

const leaveOut = "leave it out";

/** Settings that describe the store, in a stack that has none but MinIO. */
function unused({ objectStore }: Settings): SettingProblem[] {
  if (hasExistingStore(objectStore)) return [];
  const { buckets, ca, credentials, endpoint, pathStyle: style, ports, region, secret } = objectStore;
  const given = {
    endpoint,
    region,
    "buckets.chunks": buckets.chunks,
    "buckets.ruler": buckets.ruler,
    pathStyle: style,
    credentials: credentials === "identity" ? credentials : undefined,
    secret,
    ca,
    ports: ports.length > 0 ? ports : undefined,
  };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({
      key: `objectStore.${key}`,
      problem: "is set, but Loki stores in the stack's own MinIO (objectStore.kind is minio)",
      remedy: "leave it out; or set objectStore.kind to s3, or objectStore.moving to true to prepare that",
    }));
}

function address({ namespaces, objectStore }: Settings): SettingProblem[] {
  if (!hasExistingStore(objectStore)) return [];
  const { ca, credentials, endpoint, region } = objectStore;
  const key = "objectStore.endpoint";
  if (endpoint === undefined)
    return [
      ...(region === undefined
        ? [
            {
              key: "objectStore.region",
              problem:
                "is not set, and neither is objectStore.endpoint: that is AWS S3, where each bucket has a region",
              remedy: "write the buckets' region, or the address of another store in objectStore.endpoint",
            },
          ]
        : []),
      ...(ca === undefined
        ? []
        : [
            {
              key: "objectStore.ca",
              problem: "is set, but without objectStore.endpoint the store is AWS S3, which public authorities sign",
              remedy: leaveOut,
            },
          ]),
    ];
  if (!URL.canParse(endpoint))
    return [{ key, problem: `is ${endpoint}, but that port does not exist`, remedy: "write a port from 1 to 65535" }];
  if (isMinioIn(namespaces.minio, endpoint))
    return [
      {
        key,
        problem: `is ${endpoint}, the stack's own MinIO`,
        remedy: "name another store, or set objectStore.kind to minio",
      },
    ];
  const { hostname, protocol } = new URL(endpoint);
  return [
    ...(ca !== undefined && protocol === "http:"
      ? [
          {
            key: "objectStore.ca",
            problem: "is set, but objectStore.endpoint begins with http://",
            remedy: "leave it out, or write https:// in objectStore.endpoint",
          },
        ]
      : []),
    ...(credentials === "identity" && !isAws(hostname)
      ? [
          {
            key: "objectStore.credentials",
            problem: `is identity, but ${hostname} is not AWS, and no other store takes an identity of AWS`,
            remedy: "set it to secret, and name the Secret in objectStore.secret",
          },
        ]
      : []),
  ];
}

function buckets({ alerts, objectStore }: Settings): SettingProblem[] {
  if (!hasExistingStore(objectStore)) return [];
  const { chunks, ruler } = objectStore.buckets;
  return [
    ...(chunks === undefined
      ? [
          {
            key: "objectStore.buckets.chunks",
            problem: "is not set, but Loki needs a bucket of its own in the S3 store",
            remedy: "make an empty bucket there, and write its name",
          },
        ]
      : []),
    ...(ruler === undefined && alerts.storage === "bucket"
      ? [
          {
            key: "objectStore.buckets.ruler",
            problem: "is not set, but alerts.storage is bucket",
            remedy: "make an empty bucket in the S3 store, and write its name",
          },
        ]
      : []),
    ...(ruler !== undefined && alerts.storage === "stack"
      ? [
          {
            key: "objectStore.buckets.ruler",
            problem: "is set, but alerts.storage is stack: Loki finds its rules in the stack's settings",
            remedy: "leave it out, or set alerts.storage to bucket",
          },
        ]
      : []),
    ...(chunks !== undefined && chunks === ruler
      ? [
          {
            key: "objectStore.buckets.ruler",
            problem: "is also the bucket of the chunks",
            remedy: "name a separate bucket",
          },
        ]
      : []),
  ];
}

/** Names of Secrets in Loki's namespace that the stack itself makes. */
const taken: readonly string[] = [...Object.values(secretNames), "loki"];

function login({ objectStore }: Settings): SettingProblem[] {
  if (!hasExistingStore(objectStore)) return [];
  const { ca, credentials, secret } = objectStore;
  const key = "objectStore.secret";
  return [
    ...(credentials === "secret" && secret === undefined
      ? [
          {
            key,
            problem: "is not set, but objectStore.credentials is secret",
            remedy: "name a Secret in Loki's namespace, which you create; or set objectStore.credentials to identity",
          },
        ]
      : []),
    ...(credentials === "identity" && secret !== undefined
      ? [
          {
            key,
            problem: "is set, but objectStore.credentials is identity: the keys would win over the identity",
            remedy: "leave one of them out",
          },
        ]
      : []),
    ...Object.entries({ secret, ca })
      .filter(([, name]) => name !== undefined && taken.includes(name))
      .map(([field, name]) => ({
        key: `objectStore.${field}`,
        problem: `is ${name}, a Secret that the stack itself makes`,
        remedy: "give yours another name",
      })),
  ];
}

/** Names inside a cluster, addresses, and names with dots have no host for each bucket. */
function pathStyle({ objectStore }: Settings): SettingProblem[] {
  const { buckets: named, endpoint, pathStyle: style } = objectStore;
  if (!hasExistingStore(objectStore)) return [];
  const key = "objectStore.pathStyle";
  const dotted = Object.values(named).find((name) => name?.includes("."));
  if (dotted !== undefined && (style ?? endpoint !== undefined) === false)
    return [
      {
        key,
        problem:
          `is ${style === undefined ? "unset with AWS" : "false"}, but no certificate covers the host of bucket ` +
          `${dotted}, because of its dot`,
        remedy: "set it to true, or use a bucket without a dot",
      },
    ];
  if (style !== false || endpoint === undefined || !URL.canParse(endpoint)) return [];
  const { hostname } = new URL(endpoint);
  return isIP(hostname) > 0 || /\.svc(\.|$)/.test(hostname) || !hostname.includes(".")
    ? [
        {
          key,
          problem: `is false, but ${hostname} has no host for each bucket`,
          remedy: "leave it out, or set it to true",
        },
      ]
    : [];
}

/** What only MinIO would use. */
function withoutMinio({ existingNamespaces, minio, objectStore, rotation }: Settings): SettingProblem[] {
  if (hasMinio(objectStore)) return [];
  const none = "but the stack has no MinIO (objectStore.kind is s3)";
  return [
    ...(["tier", "endpoint"] as const)
      .filter((field) => minio[field] !== undefined)
      .map((field) => ({
        key: `minio.${field}`,
        problem: `is set, ${none}`,
        remedy: field === "tier" ? "leave it out: only MinIO moves chunks to a cold tier" : leaveOut,
      })),
    ...(existingNamespaces.includes("minio")
      ? [{ key: "existingNamespaces", problem: `holds minio, ${none}`, remedy: "remove it from the list" }]
      : []),
    ...(["lokiStore", "minioRoot"] as const)
      .filter((credential) => rotation[credential] > 1)
      .map((credential) => ({
        key: `rotation.${credential}`,
        problem: `is ${rotation[credential]}, ${none}, whose credentials it counts`,
        remedy: leaveOut,
      })),
  ];
}
