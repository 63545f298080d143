import * as minio from "@pulumi/minio";
import * as pulumi from "@pulumi/pulumi";

import type { Settings } from "../config/settings";
import { firstGeneration, nameInGeneration, validGenerations, type Generation } from "../domain/credentials";
import { storeNames, storePolicy } from "../render/minio/storePolicy";
import { generatedPassword } from "./password";

/** Args of {@link ObjectStore}. */
export interface ObjectStoreArgs {
  /** URL at which the machine that runs Pulumi reaches MinIO's API: a configured address, or the tunnel's. */
  endpoint: pulumi.Input<string>;
  /** Name of MinIO's root user. */
  rootUser: pulumi.Input<string>;
  /** Password of the root user. Secret. */
  rootPassword: pulumi.Input<string>;
  /** Names of the buckets to create. */
  buckets: Settings["minio"]["buckets"];
  /** The server's release. A destroy deletes the buckets together with it, without asking the server. Default: none. */
  server?: pulumi.Resource;
  /**
   * Resolves when the server answers. Called after `server` is ready, never in a preview. If it rejects, nothing of the
   * store is touched. A refresh without it would take an unreachable bucket for deleted and drop it from the state.
   * Default: not called.
   */
  reachable?: () => Promise<void>;
  /** Generations of Loki's user. Each is a user of its own. Default: the first. */
  generation?: Generation;
  /** Whether chunks move to a remote tier. The tier's Job then sets the lifecycle of their bucket. Default: false. */
  tiered?: boolean;
  /** Refuse to delete or replace the buckets. Default: false. */
  protectData?: boolean;
}

/** Loki's buckets in MinIO, and a user for Loki that may list, get, put and delete there and nothing else. */
export class ObjectStore extends pulumi.ComponentResource {
  /** Access key of Loki's user. Known once the user exists. */
  readonly accessKeyId: pulumi.Output<string>;
  /** Secret key of that user. Secret. */
  readonly secretAccessKey: pulumi.Output<string>;
  /** Everything that must exist before Loki starts. */
  readonly resources: pulumi.Resource[];
  /** Options of further objects in this MinIO. */
  readonly inside: pulumi.CustomResourceOptions;

  constructor(name: string, args: ObjectStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("logharbor:index:ObjectStore", name, {}, opts);

    const endpoint = pulumi.output(args.endpoint);
    const provider = new minio.Provider(
      `${name}-provider`,
      {
        minioServer: endpoint.apply((url) => new URL(url).host),
        minioSsl: endpoint.apply((url) => (url.startsWith("https:") ? true : undefined)),
        minioUser: args.rootUser,
        minioPassword: pulumi.secret(args.rootPassword),
      },
      { parent: this, deletedWith: args.server },
    );
    const child = { parent: this, provider, deletedWith: args.server } satisfies pulumi.CustomResourceOptions;
    const dependsOn = answering(args);
    const protect = args.protectData ?? false;

    const buckets = Object.entries(args.buckets).map(([role, bucket]) => ({
      role,
      bucket: new minio.S3Bucket(`${name}-${role}`, { bucket, acl: "private" }, { ...child, protect, dependsOn }),
    }));
    // The stack does not version these buckets. If an administrator turns versioning on, deleted chunks must still
    // disappear. A bucket has only one lifecycle. When a tier is added, its Job sets a new one before Pulumi removes
    // ours, and that removal must not delete the Job's: hence `retainOnDelete`.
    const lifecycles = buckets
      .filter(({ role }) => role !== "chunks" || args.tiered !== true)
      .map(
        ({ role, bucket }) =>
          new minio.IlmPolicy(
            `${name}-${role}-lifecycle`,
            { bucket: bucket.bucket, rules: [{ id: "old-versions", noncurrentVersionExpirationDays: 1 }] },
            { ...child, retainOnDelete: true },
          ),
      );
    const { generation = firstGeneration } = args;
    const password = generatedPassword(`${name}-loki-password`, { length: 40, generation }, { parent: this });
    const policy = new minio.IamPolicy(
      `${name}-loki-policy`,
      { name: storeNames.policy, policy: storePolicy(Object.values(args.buckets)) },
      { ...child, dependsOn },
    );
    const attachments = validGenerations(generation).map((number) => {
      const secret = number === generation.current ? password.current : password.previous!;
      const user = new minio.IamUser(
        nameInGeneration(`${name}-loki`, number),
        { name: nameInGeneration(storeNames.user, number), secret },
        { ...child, dependsOn },
      );
      return new minio.IamUserPolicyAttachment(
        nameInGeneration(`${name}-loki-attachment`, number),
        { userName: user.name, policyName: policy.name },
        child,
      );
    });

    this.resources = [...buckets.map(({ bucket }) => bucket), ...lifecycles, ...attachments];
    this.inside = { provider, deletedWith: args.server, dependsOn };
    // With its rights, not before them.
    this.accessKeyId = attachments[0]!.userName;
    this.secretAccessKey = password.current;
    this.registerOutputs({ accessKeyId: this.accessKeyId, secretAccessKey: this.secretAccessKey });
  }
}

/** What buckets, user and policy wait for: first the server's resource, then the server's answer. */
function answering({ server, reachable }: ObjectStoreArgs): pulumi.Input<pulumi.Resource[]> {
  const resources = server === undefined ? [] : [server];
  if (reachable === undefined || pulumi.runtime.isDryRun()) return resources;
  return new Promise((resolve, reject) => {
    pulumi.output(server?.urn).apply(() => reachable().then(() => resolve(resources), reject));
  });
}
