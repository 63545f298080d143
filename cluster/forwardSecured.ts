import { duplexPair, type Duplex } from "node:stream";
import { connect } from "node:tls";

/**
 * Joins a connection in clear (paused) to a pod that speaks TLS, by way of `join`, which carries what it is given to
 * the pod. The certificate is not looked at: the API server has led to this very pod, which vouches for it, and no name
 * of it would be that of the pod's Service.
 * @throws when `join` does; nothing of `local` has been read then.
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
  // Neither side of the pair hears of the other's end by itself.
  far.on("close", () => near.destroy());
  near.on("close", () => far.destroy());
  secured.on("close", () => local.destroy());
  local.on("close", () => secured.destroy());
  local.pipe(secured).pipe(local);
}
