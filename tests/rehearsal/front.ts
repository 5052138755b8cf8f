import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that sends requests for our packages to one registry, and all others away to another. */
export interface Front {
  readonly port: number;
  close(): void;
}

/** Our own names are never looked up elsewhere: what somebody else published under them is not tried by mistake. */
const OURS = /^\/(@ddpm(\/|%2f)|ddpm(\/|$)|create-ddpm(\/|$)|-\/)/i;

/**
 * Starts the server. A registry that proxies others reads the whole metadata of every package, 20 MB for some; a
 * redirection costs nothing.
 *
 * @param registryPort the port of the registry of our packages, on loopback
 * @param upstream the address of the registry of all others
 */
export function startFront(registryPort: number, upstream: string): Promise<Front> {
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? "/";
    if (incoming.method !== "GET" || OURS.test(path)) return pass(incoming, response, registryPort);
    response.writeHead(307, { location: `${upstream.replace(/\/$/, "")}${path}` }).end();
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      const close = (): void => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ port, close });
    });
  });
}

/** Answers as the registry does, whose own addresses follow the host that was asked. */
function pass(incoming: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = incoming;
  const passed = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.writeHead(502).end());
  incoming.pipe(passed);
}
