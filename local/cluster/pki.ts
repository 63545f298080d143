import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { contextName, type Node } from "./node";
import { run } from "./run";

/** The fields of a kubeconfig that kubeadm writes and we rename. */
interface Kubeconfig {
  clusters: [{ name: string; cluster: { server: string } }];
  contexts: [{ name: string; context: { cluster: string; user: string } }];
  users: [{ name: string }];
  "current-context": string;
}

/** Parts of the node for which kubeadm makes no kubeconfig. Each is the user `system:NAME`, with NAME.conf. */
const ownUsers = ["kube-proxy", "network-policies"] as const;

/** Address of the API server in the node's certificates, if it has any. */
export function certifiedAddress(node: Node): string | undefined {
  if (!fs.existsSync(node.kubeconfig) || !fs.existsSync(path.join(node.root, "etc/kubernetes"))) return undefined;
  const config = parse(fs.readFileSync(node.kubeconfig, "utf8")) as Kubeconfig;
  return new URL(config.clusters[0].cluster.server).hostname;
}

/**
 * Has kubeadm make the certificates and kubeconfigs of all parts, in the node's /etc/kubernetes, and the user's own
 * kubeconfig. It keeps the authorities of an earlier run, so that what they signed stays valid when only the node's
 * address changes.
 */
export async function ensurePki(node: Node, kubernetes: string, address: string): Promise<void> {
  const finished = path.join(node.root, "etc/kubernetes");
  // a node from an older version may lack a kubeconfig
  if (
    certifiedAddress(node) === address &&
    ownUsers.every((name) => fs.existsSync(path.join(finished, `${name}.conf`)))
  )
    return;

  const made = path.join(node.dir, "kubernetes.part");
  const pki = path.join(made, "pki");
  fs.rmSync(made, { recursive: true, force: true });
  fs.mkdirSync(pki, { recursive: true, mode: 0o700 });
  for (const name of ["ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "sa.key", "sa.pub"]) {
    const kept = path.join(finished, "pki", name);
    if (fs.existsSync(kept)) fs.copyFileSync(kept, path.join(pki, name));
  }

  const settings = path.join(made, "kubeadm.yaml");
  const template = fs.readFileSync(path.join(__dirname, "kubeadm.yaml"), "utf8");
  fs.writeFileSync(settings, template.replaceAll("@NODE_ADDRESS@", address).replaceAll("@PKI@", pki));
  const kubeadm = (...args: string[]) => run(kubernetes, ["kubeadm", ...args, "--config", settings]);
  const write = (file: string, text: string) => fs.writeFileSync(file, text, { mode: 0o600 });

  await kubeadm("init", "phase", "certs", "all");
  const kubeconfig = (user: string, ...more: string[]) =>
    kubeadm("kubeconfig", "user", `--client-name=${user}`, "--validity-period=87600h", ...more);
  const [admin] = await Promise.all([
    kubeconfig("logharbor", "--org=system:masters"),
    ...ownUsers.map(async (name) => write(path.join(made, `${name}.conf`), await kubeconfig(`system:${name}`))),
    ...["controller-manager", "scheduler", "kubelet"].map((part) =>
      kubeadm("init", "phase", "kubeconfig", part, "--kubeconfig-dir", made),
    ),
  ]);

  fs.rmSync(finished, { recursive: true, force: true });
  fs.renameSync(made, finished);
  write(`${node.kubeconfig}.part`, named(admin));
  fs.renameSync(`${node.kubeconfig}.part`, node.kubeconfig);
}

/** Uses one name for the kubeconfig's cluster, user and context, so that people can merge it with others. */
function named(text: string): string {
  const config = parse(text) as Kubeconfig;
  config.clusters[0].name = contextName;
  config.users[0].name = contextName;
  config.contexts[0] = { name: contextName, context: { cluster: contextName, user: contextName } };
  config["current-context"] = contextName;
  return stringify(config);
}
