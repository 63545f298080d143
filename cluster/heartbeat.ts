import type WebSocket from "ws";

/** Beats without an answer until a connection counts as lost. */
const mostMissed = 2;

/**
 * Ends an open connection whose other end is silently gone, for example because this machine slept or changed its
 * network. Without it, an answer would be awaited forever. An end that has never answered a ping is left alone, and so
 * is one that we keep from sending.
 */
export function endWhenSilent(socket: WebSocket, everyMs = 15_000): void {
  let answers = false;
  let missed = 0;
  const beat = setInterval(() => {
    if (socket.isPaused) missed = 0;
    if (answers && missed >= mostMissed) return socket.terminate();
    missed += 1;
    socket.ping();
  }, everyMs).unref();
  socket.on("pong", () => {
    answers = true;
    missed = 0;
  });
  socket.on("message", () => (missed = 0));
  socket.on("close", () => clearInterval(beat));
}
