import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build as buildPage } from "vite";
import { build } from "vitepress";
import { filesForPrograms } from "./llms.ts";
import { app, makePages } from "./pages.ts";

const site = `${app}dist/site`;
const studio = fileURLToPath(new URL("../../apps/studio", import.meta.url));

process.env.NODE_ENV = "production";

rmSync(`${app}dist`, { recursive: true, force: true });
const collected = makePages();
await build(app);
for (const [name, text] of filesForPrograms(collected)) {
  mkdirSync(dirname(`${site}/${name}`), { recursive: true });
  writeFileSync(`${site}/${name}`, text);
}
// The studio is a page of its own, with its own policies and service worker.
await buildPage({ root: studio, logLevel: "warn", build: { outDir: `${site}/studio`, emptyOutDir: true } });
