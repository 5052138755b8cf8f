import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { registerWasmKernels } from "../../packages/tfjs-kernels/src/wasm/index.ts";
import { goldenFolder } from "./read-golden.ts";
import { goldenRunners } from "./runners.ts";

const HELP = `Usage: npm run golden -- [--json] [FILE ...]

Compares this repository with reference numbers: every case of every JSON file in the folder named by
DDPM_GOLDEN, or in golden/ when that is not set. FILE picks some, e.g. schedules.json or unets/.

  --json   one JSON object per file and line, nothing else`;

const args = process.argv.slice(2);
const json = args.includes("--json");
const wanted = args.filter((arg) => !arg.startsWith("-"));
if (args.includes("--help")) {
  console.log(HELP);
  process.exit(0);
}
const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--json");
if (unknown) {
  console.error(`Unknown option ${unknown}.\n\n${HELP}`);
  process.exit(2);
}

createRequire(new URL("../../packages/tfjs-kernels/package.json", import.meta.url))(
  "@tensorflow/tfjs-backend-wasm",
);
registerWasmKernels();
await tf.setBackend("wasm");

const files = goldenRunners().filter(
  ({ file }) => wanted.length === 0 || wanted.some((name) => file === name || file.startsWith(name)),
);
if (files.length === 0) {
  console.error(
    `No golden file in ${goldenFolder}${wanted.length > 0 ? ` is named ${wanted.join(" or ")}` : ""}.`,
  );
  process.exit(2);
}

let failed = 0;
for (const { file, run } of files) {
  if (!run) {
    report(file, {
      passed: 0,
      failed: 0,
      unsupported: [{ id: file, reason: "no mapping reads it" }],
      failures: [],
      worst: 0,
    });
    continue;
  }
  const result = await run();
  failed += result.failed;
  report(file, result);
}
process.exitCode = failed > 0 ? 1 : 0;

function report(file: string, result: Awaited<ReturnType<NonNullable<(typeof files)[number]["run"]>>>): void {
  const { passed, unsupported, failures, worst } = result;
  if (json) {
    const counts = { file, passed, failed: result.failed, unsupported: unsupported.length, worst };
    console.log(JSON.stringify({ ...counts, failures, reasons: unsupported }));
    return;
  }
  const share = `worst error ${worst.toPrecision(2)} of what is allowed`;
  console.log(
    `${file}: ${passed} passed, ${result.failed} failed, ${unsupported.length} unsupported (${share})`,
  );
  for (const { id, reason } of failures) console.log(`  failed: ${id}: ${reason}`);
  const groups = new Map<string, string[]>();
  for (const { id, reason } of unsupported) groups.set(reason, [...(groups.get(reason) ?? []), id]);
  for (const [reason, ids] of groups) {
    const shown = ids.slice(0, 3).join(", ");
    console.log(`  unsupported: ${reason}: ${shown}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`);
  }
}
