import type { Settings, Tier } from "../../config/settings";
import { endpointsOf, type EndpointsInput } from "../addresses";
import { secretNames, tierJobName } from "../../domain/names";
import {
  containerResources,
  imageReference,
  mirrored,
  restrictedContainer,
  restrictedPod,
  secretRefs,
  type PodLabels,
  type Values,
} from "../pod";
import { tierLifecycle, tierName, type LifecycleInput } from "./tier";
import { authorityPath, speaksTls, trust } from "../tls";

/** What the Job is made from. */
export type TierJobInput = EndpointsInput & LifecycleInput & Pick<Settings, "minio" | "images"> & PodLabels;

/** As MinIO itself. */
const user = 1000;

/**
 * Adds the tier, or gives the one that is there the credentials of now; MinIO tries them by writing, reading and
 * deleting an object. Then sets the lifecycle. The image has a shell and mc, and hardly another program.
 *
 * MinIO that is given wrong credentials for a tier drops the right ones from its memory, so they are tried on a tier
 * that nothing uses first.
 */
const script = `set -eu
# the newline at the end of a file is no part of a key
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

/** `spec` of the Job that connects MinIO with a remote tier. */
export function tierJob(input: TierJobInput, tier: Tier): Values & { template: Values } {
  const { images } = input;
  return {
    // Each try keeps its pod, whose output tells why it failed.
    backoffLimit: 3,
    template: {
      metadata: { labels: { app: tierJobName, ...input.podLabels } },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(user),
        imagePullSecrets: secretRefs(images.pullSecrets),
        containers: [
          {
            name: "tier",
            image: imageReference(mirrored(images.minio, images.mirror)),
            command: ["/bin/sh", "-c", script],
            env: [...credentials(tier), ...variables(input, tier)],
            terminationMessagePolicy: "FallbackToLogsOnError",
            resources: containerResources({ cpuRequest: "10m", memoryRequest: "32Mi", memoryLimit: "256Mi" }, "64Mi"),
            securityContext: restrictedContainer,
            volumeMounts: [{ name: "home", mountPath: "/tmp" }, ...(speaksTls(input) ? [trust.mount] : [])],
          },
        ],
        volumes: [{ name: "home", emptyDir: {} }, ...(speaksTls(input) ? [trust.volume] : [])],
      },
    },
  };
}

/** Before the variables that name them: Kubernetes expands what came earlier. */
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

function variables(input: TierJobInput, tier: Tier): Values[] {
  const { kind, endpoint, bucket, prefix = "", region = "" } = tier;
  const values = {
    HOME: "/tmp",
    MC_CONFIG_DIR: "/tmp/.mc",
    // mc itself talks to MinIO alone.
    ...(speaksTls(input) ? { SSL_CERT_FILE: authorityPath } : {}),
    MC_HOST_store: endpointsOf(input).minio.replace("://", "://$(ROOT_USER):$(ROOT_PASSWORD)@"),
    TIER: tierName(tier),
    KIND: kind,
    ENDPOINT: endpoint,
    BUCKET: bucket,
    PREFIX: prefix,
    REGION: region,
    CHUNKS: input.minio.buckets.chunks,
    LIFECYCLE: tierLifecycle(input, tier),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
