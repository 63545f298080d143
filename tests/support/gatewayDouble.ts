import { createServer } from "node:https";
import { basicLogin } from "../../domain/basicLogin";
import { selfSigned } from "./certificates";
import { listening } from "./forwardProxy";

/** Stands in for Loki's gateway (nginx): it speaks TLS, asks for a tenant's password, and sets the tenant by it. */
export interface GatewayDouble {
  port: number;
  /** Its certificate, which is its own authority, as PEM. */
  certificate: string;
  close: () => void;
}

/**
 * @param lokiUrl where it sends requests
 * @param passwords by tenant
 * @param host what its certificate names besides localhost
 */
export async function gatewayDouble(
  lokiUrl: string,
  passwords: Readonly<Record<string, string>>,
  host: string,
): Promise<GatewayDouble> {
  const { certificate, key } = await selfSigned([host, "localhost"]);
  const tenantOf = (login: string | undefined) =>
    Object.entries(passwords).find(([name, password]) => basicLogin(name, password).Authorization === login)?.[0];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const tenant = tenantOf(request.headers.authorization);
    if (tenant === undefined) {
      response.writeHead(401).end();
      return;
    }
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const { "content-type": type = "", "content-encoding": encoding } = request.headers;
        void fetch(`${lokiUrl}${request.url}`, {
          method: request.method,
          headers: {
            "Content-Type": type,
            "X-Scope-OrgID": tenant,
            ...(encoding === undefined ? {} : { "Content-Encoding": encoding }),
          },
          body: request.method === "POST" ? Buffer.concat(chunks) : undefined,
        }).then(
          async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
          () => response.writeHead(502).end(),
        );
      });
  });
  const port = await listening(server);
  return {
    port,
    certificate,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
