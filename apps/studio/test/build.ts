import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the built page, made once for all test files; empty without Chromium. */
    studioPage: string;
  }
}

/** The browser that the page is tested in. */
export const CHROMIUM: string = process.env.CHROMIUM ?? "/usr/bin/chromium";

const root = fileURLToPath(new URL("..", import.meta.url));
const vite = join(root, "node_modules", "vite", "bin", "vite.js");

/** Builds the page before its tests, and removes it after them. */
export function setup(project: TestProject): (() => void) | undefined {
  if (!existsSync(CHROMIUM)) {
    console.warn(`no studio tests: there is no ${CHROMIUM}; install chromium or set CHROMIUM`);
    project.provide("studioPage", "");
    return undefined;
  }
  // Work on a test does not wait for the page each time.
  if (process.env.STUDIO_PAGE) {
    project.provide("studioPage", process.env.STUDIO_PAGE);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "studio-page-"));
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync(process.execPath, [vite, "build", "--logLevel", "error", "--outDir", folder], {
    cwd: root,
    env,
  });
  project.provide("studioPage", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
