import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listening } from "./forwardProxy";

/** The server of a double of an API: each double says itself what it stands in for, and what it does not prove. */
export abstract class ApiDouble {
  /** Each request, as "POST /path". */
  readonly requests: string[] = [];
  protected port = 0;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    this.port = await listening(this.server);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
