import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".weights": "application/octet-stream",
};

/** A page on a plain host: files, and no headers beyond their types. */
export interface Served {
  readonly address: string;
  /** Paths that were asked for. */
  readonly asked: ReadonlySet<string>;
  /** Holds back files of this ending, ".wasm", until the promise is there. */
  hold(ending: string, until: Promise<void>): void;
  close(): void;
}

/** Serves a folder. */
export async function serve(folder: string): Promise<Served> {
  const asked = new Set<string>();
  const held = new Map<string, Promise<void>>();
  const server = createServer(async ({ url = "/" }, response) => {
    const path = new URL(url, "http://localhost").pathname;
    asked.add(path);
    const file = join(folder, path === "/" ? "index.html" : path);
    await held.get(extname(file));
    const type = TYPES[extname(file)];
    if (!type || !existsSync(file)) response.writeHead(404).end();
    else createReadStream(file).pipe(response.writeHead(200, { "content-type": type }));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    hold: (ending, until) => void held.set(ending, until),
    close: () => server.close(),
  };
}
