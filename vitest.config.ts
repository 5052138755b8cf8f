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

/** Test files share a process, but for these: they choose backends, register kernels or replace modules, which lasts as long as the process. */
const OWN_PROCESS: Readonly<Record<string, "all" | readonly string[]>> = {
  backends: "all",
  data: ["browser", "codec", "workers"],
  ddpm: "all",
  "tfjs-backend-onnx": "all",
  "tfjs-kernels": "all",
  trainer: ["no-gradients"],
  cli: ["agreement", "memorising", "onnx-export", "refusals", "webgpu"],
};

/** The tests of a folder: those that share a process, then those with one each. */
function projects(name: string, root: string, more: object = {}): object[] {
  const own = OWN_PROCESS[name] ?? [];
  if (own === "all") return [project(name, root, more)];
  const alone = own.map((file) => `test/${file}.test.ts`);
  const shared = project(name, root, { ...more, isolate: false, exclude: alone });
  return alone.length === 0
    ? [shared]
    : [shared, project(`${name}-alone`, root, { ...more, include: alone })];
}

/** Tests of the command wait for processes, which wait for others where the machine is busy. */
const command = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  globalSetup: ["test/build.ts"],
  setupFiles: ["test/after-each-file.ts"],
};

export default defineConfig({
  resolve,
  ssr,
  test: {
    maxWorkers: 2,
    projects: [
      ...readdirSync(fileURLToPath(new URL("packages", import.meta.url))).flatMap((name) =>
        projects(name, `packages/${name}`),
      ),
      ...projects("cli", "apps/trainer", command),
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
