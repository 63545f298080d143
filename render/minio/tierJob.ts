import type { Image, Tier } from "../../config/settings";
import { secretNames, tierJobName } from "../../domain/names";
import type { PartSpec } from "../part";
import {
  containerResources,
  imageReference,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  type Labels,
  type Values,
} from "../pod";
import { placementValues, type Placement } from "../placement";
import { authorityPath, speaksTls, trustOf } from "../tls";
import { tierLifecycle, tierName, type Moving } from "./tier";

/** Everything that the Job which connects MinIO to a remote tier depends on. */
export interface RemoteTierSpec
  extends
    Moving,
    Placement,
    Pick<PartSpec, "namespace" | "existingNamespace" | "pullSecrets" | "certificates" | "fixedUserIds"> {
  /** Where chunks move to. */
  tier: Tier;
  /** URL of MinIO inside the cluster: `http://minio.logharbor-minio.svc:9000`. */
  minioUrl: string;
  /** Bucket that the chunks move from. Default: `loki-bucket`. */
  chunksBucket: string;
  /** MinIO's image, which has a shell and mc. Default: the pinned one. */
  image: Image;
}

/** The same user as MinIO's. */
const user = 1000;

/**
 * Adds the tier, or updates the credentials of an existing one. MinIO tests credentials by writing, reading and
 * deleting an object. Then sets the lifecycle. The image has a shell, mc and hardly any other program.
 *
 * When MinIO gets wrong credentials for a tier, it drops the right ones from its memory. So the script first tries new
 * credentials on a tier that nothing uses.
 */
const script = `set -eu
# the newline at the end of a file is not part of a key
ACCESS_KEY=$(printf %s "$ACCESS_KEY") SECRET_KEY=$(printf %s "$SECRET_KEY")
add() {
  mc ilm tier add "$KIND" store "$1" --endpoint "$ENDPOINT" --region "$REGION" --bucket "$BUCKET" --prefix "$2" \\
    --access-key "$ACCESS_KEY" --secret-key "$SECRET_KEY"
}
# network policies take a moment to let a new pod through
mc ready store
tiers=$(mc ilm tier ls --json store) || { printf '%s\\n' "$tiers" >&2; exit 1; }
case "$tiers" in
  *"\\"$TIER\\""*)
    mc ilm tier rm store "TRY-$TIER"
    add "TRY-$TIER" "\${PREFIX:+$PREFIX/}try"
    mc ilm tier rm store "TRY-$TIER"
    mc ilm tier update store "$TIER" --access-key "$ACCESS_KEY" --secret-key "$SECRET_KEY"
    ;;
  *) add "$TIER" "$PREFIX" ;;
esac
printf %s "$LIFECYCLE" | mc ilm rule import "store/$CHUNKS"
`;

/** `spec` of the Job that connects MinIO to a remote tier. */
export function tierJob(spec: RemoteTierSpec, podLabels: Labels = {}): Values & { template: Values } {
  const trust = trustOf(spec);
  return {
    // Each failed try keeps its pod, and the pod's output shows why it failed.
    backoffLimit: 3,
    template: {
      metadata: { labels: { app: tierJobName, ...podLabels } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        ...placementValues(spec),
        securityContext: restrictedPod(user, spec),
        imagePullSecrets: secretRefs(spec.pullSecrets),
        containers: [
          {
            name: "tier",
            image: imageReference(spec.image),
            command: ["/bin/sh", "-c", script],
            env: [...credentials(spec.tier), ...variables(spec)],
            terminationMessagePolicy: "FallbackToLogsOnError",
            resources: containerResources({ cpuRequest: "10m", memoryRequest: "32Mi", memoryLimit: "256Mi" }, "64Mi"),
            securityContext: restrictedContainer,
            volumeMounts: [{ name: "home", mountPath: "/tmp" }, ...trust.mounts],
          },
        ],
        volumes: [{ name: "home", emptyDir: {} }, ...trust.volumes],
      },
    },
  };
}

/** These must come before the variables that refer to them: Kubernetes expands only earlier ones. */
function credentials({ secret }: Tier): Values[] {
  const from = (variable: string, name: string, key: string) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name, key } },
  });
  return [
    from("ROOT_USER", secretNames.minioRoot, "rootUser"),
    from("ROOT_PASSWORD", secretNames.minioRoot, "rootPassword"),
    from("ACCESS_KEY", secret, "accessKey"),
    from("SECRET_KEY", secret, "secretKey"),
  ];
}

function variables(spec: RemoteTierSpec): Values[] {
  const { tier } = spec;
  const { kind, endpoint, bucket, prefix = "", region = "" } = tier;
  const values = {
    HOME: "/tmp",
    MC_CONFIG_DIR: "/tmp/.mc",
    // mc itself connects only to MinIO.
    ...(speaksTls(spec) ? { SSL_CERT_FILE: authorityPath } : {}),
    MC_HOST_store: spec.minioUrl.replace("://", "://$(ROOT_USER):$(ROOT_PASSWORD)@"),
    TIER: tierName(tier),
    KIND: kind,
    ENDPOINT: endpoint,
    BUCKET: bucket,
    PREFIX: prefix,
    REGION: region,
    CHUNKS: spec.chunksBucket,
    LIFECYCLE: tierLifecycle(spec, tier),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
