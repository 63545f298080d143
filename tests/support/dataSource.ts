import { parse } from "yaml";
import type { TestCluster } from "./cluster";

/** A data source of Grafana's provisioning, as far as a request of it depends on it. */
interface Provisioned {
  url: string;
  basicAuth?: boolean;
  basicAuthUser?: string;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
}

/** What Grafana sends each request of a data source with. */
export interface Connection {
  url: string;
  headers: Record<string, string>;
  /** Authority of the server's certificate, as PEM. Default: the system's. */
  authority?: string;
}

/**
 * How Grafana connects to the first data source in a pod's provisioning, by Grafana's rules: `$__env{}` is a variable
 * of the pod, `$__file{}` one of its files; header names are in jsonData, their values in secureJsonData.
 */
export async function dataSourceIn(cluster: TestCluster, namespace: string, pod: string): Promise<Connection> {
  const inPod = async (script: string) => cluster.inShell(namespace, pod, script);
  const file = await inPod("cat /etc/grafana/provisioning/datasources/datasources.yaml");
  const { datasources } = parse(await expanded(file, inPod)) as { datasources: Provisioned[] };
  const { basicAuth, basicAuthUser, jsonData, secureJsonData, url } = datasources[0]!;
  const names = Object.entries(jsonData).filter(([key]) => key.startsWith("httpHeaderName"));
  const headers = Object.fromEntries(
    names.map(([key, name]) => [String(name), secureJsonData[key.replace("Name", "Value")] ?? ""]),
  );
  const login = Buffer.from(`${basicAuthUser}:${secureJsonData.basicAuthPassword}`).toString("base64");
  return {
    url,
    headers: { ...headers, ...(basicAuth === true ? { authorization: `Basic ${login}` } : {}) },
    ...(jsonData.tlsAuthWithCACert === true ? { authority: secureJsonData.tlsCACert } : {}),
  };
}

/** Each reference is a whole value, so that a quoted text of any content can stand for it. */
async function expanded(file: string, inPod: (script: string) => Promise<string>): Promise<string> {
  let text = file;
  for (const [reference, kind, name] of file.matchAll(/\$__(env|file)\{([^}]+)\}/g)) {
    const value = await inPod(kind === "env" ? `printf %s "$${name}"` : `cat ${name}`);
    text = text.replace(reference, () => JSON.stringify(value));
  }
  return text;
}
