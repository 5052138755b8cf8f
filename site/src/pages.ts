import { cpSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Collected, collect, writePages } from "./collect/collect.ts";
import { sidebars } from "./layout.ts";

/** The folder of the site's own sources, with a slash at the end. */
export const app: string = fileURLToPath(new URL("..", import.meta.url));

/** Collects all pages and writes what VitePress reads. */
export function makePages(): Collected {
  const folder = `${app}dist/pages`;
  const collected = collect();
  writePages(collected, folder);
  cpSync(`${app}public`, `${folder}/public`, { recursive: true });
  writeFileSync(`${folder}/sidebar.json`, JSON.stringify(sidebars(collected.pages)));
  return collected;
}
