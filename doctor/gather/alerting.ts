import * as http from "node:http";
import * as https from "node:https";
import { text as consumed } from "node:stream/consumers";
import type { V1Pod } from "@kubernetes/client-node";
import { readyPods } from "../../cluster/readyPods";
import { secretContent } from "../../cluster/secret";
import { serviceAddress } from "../../cluster/serviceAddress";
import type { Settings } from "../../config/settings";
import { basicLogin } from "../../domain/basicLogin";
import { alertmanagerName, ports } from "../../domain/names";
import { codeOf, textOf } from "../../domain/problem";
import { isServiceUrl } from "../../logs/alertmanager";
import { rulesIn, type RuleState } from "../../logs/alerts";
import { alertmanagerUrls } from "../../render/alertmanager/addresses";
import type { AlertmanagerState } from "../facts";
import type { Place } from "./home";
import { running, type Web } from "./web";

/** What an Alertmanager of API v2 answers without changing anything. */
const statusPath = "/api/v2/status";
/** How long an Alertmanager outside of the cluster may take. */
const answerMs = 10_000;

/** The rules of each tenant, as one of Loki's rulers knows them: it asks the others. */
export async function rulesOf(
  { tenant, alerts }: Pick<Settings, "tenant" | "alerts">,
  web: Web,
  pods: readonly V1Pod[],
): Promise<Map<string, RuleState[]>> {
  const ruler = running(pods).find(({ metadata }) =>
    ["single-binary", "backend"].includes(metadata?.labels?.["app.kubernetes.io/component"] ?? ""),
  );
  if (ruler === undefined) return new Map();
  const tenants = [...new Set([tenant, ...alerts.rules.map((rule) => rule.tenant ?? tenant)])];
  const found = await Promise.all(
    tenants.map(async (name): Promise<[string, RuleState[]][]> => {
      const door = { part: "loki", pod: ruler, port: ports.lokiHttp } as const;
      const answer = await web.ask(door, "/prometheus/api/v1/rules", { "X-Scope-OrgID": name });
      return answer !== undefined && "status" in answer && answer.status === 200 ? [[name, rulesIn(answer.body)]] : [];
    }),
  );
  return new Map(found.flat());
}

/** How each Alertmanager answers that the settings name. */
export async function alertmanagersOf(
  place: Place,
  web: Web,
  pods: readonly V1Pod[] | undefined,
): Promise<AlertmanagerState[]> {
  const { settings } = place;
  if (settings.alerts.alertmanager === "own") return pods === undefined ? [] : ownOf(web, pods);
  const urls = alertmanagerUrls(settings);
  if (urls.length === 0) return [];
  const credentials = await credentialsOf(place);
  return Promise.all(
    urls.map(async (url) => ({
      url,
      ...(isServiceUrl(url)
        ? await inCluster(url, credentials, { place, web })
        : await outside(url, credentials, place)),
    })),
  );
}

async function ownOf(web: Web, pods: readonly V1Pod[]): Promise<AlertmanagerState[]> {
  const own = running(pods).filter(({ metadata }) => metadata?.labels?.["app.kubernetes.io/name"] === alertmanagerName);
  if (own.length === 0) return [{ url: "of the stack", silent: "no pod of it runs" }];
  return Promise.all(
    own.map(async (pod) => ({
      url: `in pod ${pod.metadata?.name}`,
      ...answered(await web.ask({ part: "alerting", pod, port: ports.alertmanager }, statusPath)),
    })),
  );
}

/** What Loki's ruler has in order to talk to an Alertmanager that exists. */
interface Credentials {
  headers: Record<string, string>;
  ca?: string;
}

async function credentialsOf({ kubeConfig, settings, sight }: Place): Promise<Credentials> {
  const { login, ca } = settings.alerts.existing;
  const namespace = settings.namespaces.loki;
  const read = async (name: string | undefined) => {
    if (name === undefined) return undefined;
    const look = () => secretContent(kubeConfig, { namespace, name });
    return (await sight.one(`get secret ${name} in ${namespace}`, look)) ?? {};
  };
  const [user, authority] = await Promise.all([read(login), read(ca)]);
  return {
    headers: user === undefined ? {} : { ...basicLogin(user.username ?? "", user.password ?? "") },
    ca: authority && (authority["ca.crt"] ?? ""),
  };
}

type Answered = Omit<AlertmanagerState, "url">;

async function inCluster(
  url: string,
  { headers, ca }: Credentials,
  { place: { kubeConfig, sight }, web }: { place: Place; web: Web },
): Promise<Answered> {
  const { namespace, service, port, tls } = serviceAddress(url);
  const { hostname, pathname } = new URL(url);
  const behind = await sight.see(`get service ${service} and list endpointslices in ${namespace}`, () =>
    readyPods(kubeConfig, { namespace, service, port }),
  );
  if (behind === undefined) return {};
  const [first] = behind;
  if (first === undefined) return { silent: `Service ${service} in namespace ${namespace} has no ready pod` };
  const pod = { metadata: { name: first.pod, namespace } };
  const trust = tls ? { host: hostname, ca } : undefined;
  const path = `${pathname.replace(/\/$/, "")}${statusPath}`;
  return answered(await web.ask({ part: "alerting", pod, port: first.port, tls, trust }, path, headers));
}

/** Errors of TLS that are about the certificate, and not about the connection. */
const distrusted = /CERT|SIGNATURE|ISSUER|ALTNAME/;

/** Whether this machine reaches it tells little of whether Loki does, so silence is only noted. */
async function outside(url: string, { headers, ca }: Credentials, { sight }: Place): Promise<Answered> {
  const target = `${url.replace(/\/$/, "")}${statusPath}`;
  const found = await sight.see(`reach ${url} from this machine`, async (): Promise<Answered> => {
    try {
      const { request } = target.startsWith("https:") ? https : http;
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
        request(target, { headers, ca, signal: AbortSignal.timeout(answerMs) }, resolve)
          .on("error", reject)
          .end();
      });
      return answered({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: await consumed(answer),
      });
    } catch (error) {
      if (distrusted.test(String(codeOf(error)))) return { distrust: textOf(error) };
      throw error;
    }
  });
  return found ?? {};
}

function answered(answer: Awaited<ReturnType<Web["ask"]>>): Answered {
  if (answer === undefined) return {};
  if ("problem" in answer) return { silent: answer.problem };
  const { status, headers, body, distrust } = answer;
  return {
    answer: { status, body, ...(headers.location === undefined ? {} : { location: headers.location }) },
    ...(distrust === undefined ? {} : { distrust }),
  };
}
