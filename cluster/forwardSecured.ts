import { duplexPair, type Duplex } from "node:stream";
import { connect } from "node:tls";

/**
 * Joins an unencrypted connection (paused) to a pod that speaks TLS; `join` carries the encrypted bytes to the pod.
 * We do not check the certificate: the API server vouches for the pod, because it has led us to exactly this one.
 * @throws when `join` does; then nothing of `local` has been read.
 */
export async function forwardSecured(
  join: (far: Duplex) => Promise<void>,
  local: Duplex,
  onProblem: (text: string) => void,
): Promise<void> {
  const [near, far] = duplexPair();
  await join(far);
  const secured = connect({ socket: near, rejectUnauthorized: false });
  secured.on("error", (error: Error) => {
    onProblem(error.message);
    local.destroy();
  });
  // Neither side of the pair notices by itself that the other has ended.
  far.on("close", () => near.destroy());
  near.on("close", () => far.destroy());
  secured.on("close", () => local.destroy());
  local.on("close", () => secured.destroy());
  local.pipe(secured).pipe(local);
}
