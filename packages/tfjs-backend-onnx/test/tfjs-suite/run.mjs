/**
 * Runs TensorFlow.js's own tests on one backend and writes which passed and which failed.
 *
 * Usage: node run.mjs BACKEND RESULT.json [NAMES.json: only these tests]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [backend, resultFile, namesFile] = process.argv.slice(2);
const only = namesFile && new Set(JSON.parse(readFileSync(namesFile, "utf8")));
const nameOf = (fullName) => fullName.replace(` ${backend} {}`, "");
process.env.TFJS_SUITE_BACKEND = backend;
const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, ".bundle-"));
try {
  const bundle = join(folder, "specs.cjs");
  await build({
    entryPoints: [join(here, "specs.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    conditions: ["@ddpm/source"],
    external: ["onnxruntime-node", "jasmine-core", "node-fetch"],
    ignoreAnnotations: true,
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "bundleUrl" },
    logLevel: "error",
  });
  const require = createRequire(import.meta.url);
  const jasmine = require("jasmine-core").boot(true);
  const env = jasmine.getEnv();
  env.configure({ random: false, specFilter: (spec) => !only || only.has(nameOf(spec.getFullName())) });
  console.warn = () => {};
  console.error = () => {};
  const { setBackend } = require(bundle);
  if (!(await setBackend(backend))) throw new Error(`the backend ${backend} did not start`);
  const passed = [];
  const failed = [];
  env.addReporter({
    specDone: ({ fullName, status, failedExpectations }) => {
      const name = nameOf(fullName);
      if (status === "passed") passed.push(name);
      if (status === "failed") failed.push({ name, message: failedExpectations[0]?.message ?? "" });
    },
  });
  await env.execute();
  writeFileSync(resultFile, JSON.stringify({ backend, passed, failed }, null, 1));
  console.log(`${backend}: ${passed.length} passed, ${failed.length} failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
