import { leaves } from "../domain/tree";
import { chartValues, text, types, type Resource } from "./resource";

/** Values of pods and containers that reach beyond the pod, and what each means. */
const reaching: readonly [key: RegExp, value: RegExp, what: string][] = [
  [/(^|\.)privileged$/, /^true$/, "runs a privileged container"],
  [/(^|\.)allowPrivilegeEscalation$/, /^true$/, "lets a container gain privileges"],
  [/(^|\.)host(Network|PID|IPC)$/, /^true$/, "shares a namespace of the node"],
  [/(^|\.)hostPath\.path$/, /./, "mounts a path of the node"],
  [/(^|\.)hostPort$/, /^[1-9]/, "opens a port of the node"],
  [/(^|\.)capabilities\.add\.\d+$/, /^(?!NET_BIND_SERVICE$)./, "adds a capability"],
  [/(^|\.)runAsUser$/, /^0$/, "runs as root"],
];

/** What an Alloy that reads the nodes' files needs: their folders, and root. */
const filesOfNodes = /^(controller\.volumes\.extra\.\d+\.hostPath|global\.podSecurityContext\.runAsUser)/;

/** Values of a chart by which a pod would reach beyond itself, but for the files that Alloy reads. */
export function privileges({ type, props }: Resource): string[] {
  if (type !== types.release) return [];
  const isAlloy = props.name === "alloy";
  return [...leaves(chartValues(props))].flatMap(({ path, value }) => {
    const key = path.join(".");
    if (isAlloy && filesOfNodes.test(key)) return [];
    const found = reaching.filter(([keys, values]) => keys.test(key) && values.test(String(value)));
    return found.map(([, , what]) => `${text(props.name)}: ${key} ${what}; the platform needs that nowhere`);
  });
}
