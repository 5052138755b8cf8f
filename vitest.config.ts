import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@ddpm/source", "node", "import", "module", "default"];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

const project = (name: string, root: string, more: object = {}) => ({
  resolve,
  ssr,
  test: { name, root, include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000, ...more },
});

/** Their tests choose backends, register kernels, replace libraries, which lasts as long as the process: each file gets its own. */
const OWN_PROCESS = ["backends", "data", "ddpm", "tfjs-backend-onnx", "tfjs-kernels", "trainer"];

export default defineConfig({
  resolve,
  ssr,
  test: {
    maxWorkers: 2,
    projects: [
      ...readdirSync(fileURLToPath(new URL("packages", import.meta.url))).map((name) =>
        project(name, `packages/${name}`, { isolate: OWN_PROCESS.includes(name) }),
      ),
      // Its tests wait for processes, which wait for others where the machine is busy.
      project("cli", "apps/trainer", {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        globalSetup: ["test/build.ts"],
      }),
      // It waits for what a browser computes, for long where others compute as well.
      project("studio", "apps/studio", {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        expect: { poll: { timeout: 120_000 } },
        globalSetup: ["test/build.ts", "../trainer/test/build.ts"],
      }),
      {
        resolve,
        ssr,
        test: { name: "repository", root: "tests", include: ["**/*.test.ts"], testTimeout: 300_000 },
      },
    ],
  },
});
