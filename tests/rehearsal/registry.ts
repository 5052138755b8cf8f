import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { startFront } from "./front.ts";
import { run } from "./run.ts";

/** 58 MB in 270 packages, which only the rehearsal needs: fetched by npx, and not a dependency of everybody. Runs on Node 20. */
const VERDACCIO = "verdaccio@6.8.0";

/** A package registry on loopback. */
export interface PackageRegistry {
  readonly url: string;
  /** What tools read from `.npmrc`: its address, and the token of one who may publish. */
  readonly npmrc: string;
  close(): void;
}

/** Starts a registry of our packages in a folder; all others come from the registry that npm is configured for. */
export async function startRegistry(folder: string): Promise<PackageRegistry> {
  mkdirSync(folder, { recursive: true });
  const upstream = (await run("npm", ["config", "get", "registry"], { cwd: folder })).trim();
  const port = await freePort();
  writeFileSync(join(folder, "config.yaml"), CONFIGURATION);
  const child = spawn("npx", ["-y", VERDACCIO, "--config", "config.yaml", "--listen", `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: "ignore",
    detached: true,
  });
  await answered(`http://127.0.0.1:${port}/-/ping`, () => child.exitCode !== null);
  const front = await startFront(port, upstream);
  const url = `http://127.0.0.1:${front.port}/`;
  const close = (): void => {
    front.close();
    if (child.exitCode === null) process.kill(-child.pid!, "SIGTERM");
  };
  const token = await addUser(url);
  return { url, npmrc: `registry=${url}\n//127.0.0.1:${front.port}/:_authToken=${token}\n`, close };
}

const CONFIGURATION = `
storage: ./storage
auth:
  htpasswd:
    file: ./htpasswd
packages:
  "**": { access: $all, publish: $authenticated }
max_body_size: 100mb
log: { type: stdout, level: fatal }
`;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Waits until an address answers. @throws after two minutes, or where `ended` */
async function answered(address: string, ended: () => boolean): Promise<void> {
  for (let tries = 0; tries < 240 && !ended(); tries++) {
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no registry answered at ${address}; ${VERDACCIO} is fetched by npx`);
}

async function addUser(url: string): Promise<string> {
  const response = await fetch(`${url}-/user/org.couchdb.user:rehearsal`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "rehearsal", password: "rehearsal" }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
