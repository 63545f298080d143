import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { ClusterAccess } from "../config/stackConfig";
import { OperatorError, textOf } from "../domain/problem";
import { proxyFor } from "./proxy";

const howToSet = [
  "choose a context with `pulumi config set kubernetes:context NAME` (or --context NAME for one run)",
  "choose a kubeconfig with `pulumi config set --secret kubernetes:kubeconfig < FILE`, or with the variable KUBECONFIG",
];

/**
 * Loads the kubeconfig of a stack. If it names no proxy (`proxy-url`), its cluster is reached through that of the
 * environment.
 * @throws OperatorError that names the context, lists those that exist, and says how to set another.
 */
export function loadKubeConfig(access: ClusterAccess = {}): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    readInto(kubeConfig, access.kubeconfig);
  } catch (error) {
    const source =
      access.kubeconfig === undefined ? "The default kubeconfig" : "The kubeconfig in kubernetes:kubeconfig";
    throw new OperatorError(`${source} can't be read: ${textOf(error)}.`, howToSet, { cause: error, code: "cluster" });
  }
  const wanted = access.context ?? kubeConfig.getCurrentContext();
  const names = kubeConfig.getContexts().map((context) => context.name);
  if (!wanted) {
    throw new OperatorError(`The kubeconfig has no current context; ${listed(names)}.`, howToSet, { code: "cluster" });
  }
  const context = kubeConfig.getContextObject(wanted);
  if (context === null) {
    throw new OperatorError(`The kubeconfig has no context "${wanted}"; ${listed(names)}.`, howToSet, {
      code: "cluster",
    });
  }
  if (kubeConfig.getCluster(context.cluster) === null) {
    throw new OperatorError(
      `Context "${wanted}" names the cluster "${context.cluster}", which is missing from the kubeconfig.`,
      howToSet,
    );
  }
  kubeConfig.setCurrentContext(wanted);
  kubeConfig.clusters = kubeConfig.clusters.map((cluster) => ({
    ...cluster,
    proxyUrl: cluster.proxyUrl ?? proxyFor(cluster.server, process.env),
  }));
  return kubeConfig;
}

function readInto(kubeConfig: KubeConfig, kubeconfig: string | undefined): void {
  if (kubeconfig === undefined) {
    kubeConfig.loadFromDefault();
    if (
      kubeConfig.getCurrentCluster()?.server === "http://localhost:8080" &&
      kubeConfig.getCurrentContext() === "loaded-context"
    ) {
      throw new Error("none was found"); // the library invents this server when it finds no kubeconfig
    }
    return;
  }
  if (isContent(kubeconfig)) {
    kubeConfig.loadFromString(kubeconfig);
    return;
  }
  const path = kubeconfig.startsWith("~/") ? join(homedir(), kubeconfig.slice(2)) : kubeconfig;
  if (!existsSync(path)) {
    throw new Error(`the file ${path} does not exist`);
  }
  if (readFileSync(path, "utf8").trim() === "") {
    throw new Error(`the file ${path} is empty`);
  }
  kubeConfig.loadFromFile(path);
}

function isContent(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{");
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "it has no contexts at all" : `it has: ${names.join(", ")}`;
}
