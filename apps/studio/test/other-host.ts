import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Another host than the page's, with files for everyone. */
export interface OtherHost {
  readonly address: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  close(): void;
}

/**
 * Serves files by their path. Pages may read them, but for those below `/private/`; `/large` says that it has 300 MB,
 * `/endless` never ends, `/broken` breaks off.
 */
export async function otherHost(files: Readonly<Record<string, Uint8Array>>): Promise<OtherHost> {
  const asked: string[] = [];
  const server = createServer(({ url = "/" }, response) => {
    asked.push(url);
    const cors = url.startsWith("/private/") ? {} : { "access-control-allow-origin": "*" };
    const name = decodeURIComponent(url.split("/").at(-1)!);
    if (url === "/large") {
      response.writeHead(200, { ...cors, "content-length": 300e6 });
      response.write("x");
    } else if (url === "/endless") {
      response.writeHead(200, cors);
      response.write("x");
    } else if (url === "/broken") {
      response.writeHead(200, { ...cors, "content-length": 2000 });
      response.write("x".repeat(1000), () => response.destroy());
    } else if (url === "/page") {
      response.writeHead(200, { ...cors, "content-type": "text/html; charset=utf-8" });
      response.end("<p>a page about the file");
    } else {
      const bytes = files[name];
      response.writeHead(bytes ? 200 : 404, cors);
      response.end(bytes);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
