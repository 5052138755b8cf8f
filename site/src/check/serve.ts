import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".txt": "text/plain",
  ".xml": "text/xml",
  ".wasm": "application/wasm",
  ".md": "text/markdown",
};

/** A site on a plain host, as GitHub Pages serves it. */
export interface Served {
  /** With the base and a slash at the end. */
  readonly address: string;
  close(): void;
}

/** The file that an address below the base names, as a plain host finds it; undefined where there is none. */
export function fileOf(folder: string, path: string): string | undefined {
  const file = join(folder, decodeURIComponent(path));
  const candidates = [file, `${file}.html`, join(file, "index.html")];
  return candidates.find((one) => existsSync(one) && statSync(one).isFile());
}

/** Serves a folder below a base. */
export async function serve(folder: string, base: string): Promise<Served> {
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = pathname.startsWith(base) ? fileOf(folder, pathname.slice(base.length)) : undefined;
    if (!file) response.writeHead(404).end();
    else {
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      createReadStream(file).pipe(response.writeHead(200, { "content-type": type }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}${base}`, close: () => server.close() };
}
