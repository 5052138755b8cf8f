import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/** Starts a thread that answers jobs; from its source where this is source. */
export function startWorker(): Worker {
  if (import.meta.url.endsWith(".js")) return new Worker(new URL("./worker.js", import.meta.url));
  const tools = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const tsx = new URL("./dist/esm/api/index.mjs", tools).href;
  const source = new URL("./worker.ts", import.meta.url).href;
  const body = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(source)})))`;
  return new Worker(body, { eval: true, execArgv: ["--conditions=@ddpm/source"] });
}
