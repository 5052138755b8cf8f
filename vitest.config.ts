import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@ddpm/source", "node", "import", "module", "default"];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

/** Tests of these groups share their modules, and a process for each worker. */
const shared = { isolate: false, testTimeout: 60_000, hookTimeout: 60_000 };

/** Tests of the command wait for processes, which wait for others where the machine is busy. */
const command = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  globalSetup: ["apps/trainer/test/build.ts"],
  setupFiles: ["apps/trainer/test/after-each-file.ts"],
};

/** They choose backends, register kernels or replace modules, which lasts as long as the process: each has its own. */
const ALONE = [
  "apps/trainer/test/{agreement,memorising,onnx-export,plugin-kinds,refusals,webgpu}.test.ts",
  "packages/{backends,ddpm}/test/**/*.test.ts",
  "packages/data/test/{browser,codec,workers}.test.ts",
  "packages/tfjs-kernels/test/{heap,webgpu/*}.test.ts",
  "packages/trainer/test/no-gradients.test.ts",
  "packages/unet/test/conformance.test.ts",
];

/** Whose tests register kernels and backends as well, but one and the same in all files: a process for each package. */
const ONNX = "packages/tfjs-backend-onnx/test/**/*.test.ts";
const KERNELS = "packages/tfjs-kernels/test/**/*.test.ts";

/** What is printed is compared without colours, which services that run tests ask for by `CI` or `FORCE_COLOR`. */
const env = { NO_COLOR: "1" };

/** Tests make many short-lived tensors: with room for them the garbage collector takes a quarter less time. */
const execArgv = ["--min-semi-space-size=64", "--max-semi-space-size=128"];

/** What one project compiled, the others load from here. */
const experimental = {
  fsModuleCache: true,
  fsModuleCachePath: fileURLToPath(new URL("node_modules/.vitest-modules", import.meta.url)),
};

const project = (name: string, options: object) => ({
  resolve,
  ssr,
  test: { name, env, execArgv, experimental, ...options },
});

export default defineConfig({
  resolve,
  ssr,
  test: {
    maxWorkers: 2,
    execArgv,
    experimental,
    projects: [
      project("packages", {
        ...shared,
        include: ["packages/*/test/**/*.test.ts", "apps/create-ddpm/test/*.test.ts"],
        exclude: [...ALONE, ONNX, KERNELS],
      }),
      // One of them watches the memory of its process.
      project("onnx", { ...shared, include: [ONNX], execArgv: [] }),
      project("kernels", { ...shared, include: [KERNELS], exclude: ALONE }),
      project("command", { ...shared, ...command, include: ["apps/trainer/test/*.test.ts"], exclude: ALONE }),
      project("alone", { ...command, include: ALONE }),
      // It waits for what a browser computes, for long where others compute as well.
      project("studio", {
        root: "apps/studio",
        include: ["test/**/*.test.ts"],
        testTimeout: 300_000,
        hookTimeout: 300_000,
        expect: { poll: { timeout: 120_000 } },
        globalSetup: ["test/build.ts", "../trainer/test/build.ts"],
      }),
      project("repository", { include: ["tests/**/*.test.ts"], testTimeout: 300_000 }),
    ],
  },
});
