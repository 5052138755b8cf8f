import { backends, useBackend } from "../../packages/backends/src/node/index.ts";
import { filesIn, filesNamed, goldenFolder } from "./read-golden.ts";
import type { GoldenResult } from "./result.ts";
import { nameOf, runGolden } from "./runners.ts";

const names = backends.names.join(", ");
const HELP = `Usage: npm run golden -- [--json] [--backend NAME] [FILE ...]

Compares this repository with reference numbers: every case of every JSON file in the folder named by
DDPM_GOLDEN, or in golden/ when that is not set. FILE picks some by their name in that folder, e.g. schedules.json or
unets/, or is a path of your own; files may be gzipped.

  --json           one JSON object per file and line, nothing else
  --backend NAME   what computes: ${names}; wasm when left out

Exit status: 0 when no case failed, 1 when one did, 2 for wrong use.`;

/** Ends with status 2. */
function refuse(message: string): never {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}

interface Arguments {
  readonly json: boolean;
  readonly backend: string;
  readonly files: readonly string[];
}

function parse(args: readonly string[]): Arguments {
  const files: string[] = [];
  let json = false;
  let backend = "wasm";
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--json") json = true;
    else if (arg === "--backend") backend = args[++i] ?? refuse("--backend expects a name.");
    else if (arg.startsWith("--backend=")) backend = arg.slice("--backend=".length);
    else if (arg.startsWith("-")) refuse(`Unknown option ${arg}.`);
    else files.push(arg);
  }
  return { json, backend, files };
}

function report(file: string, result: GoldenResult, json: boolean): void {
  const { passed, failed, unsupported, failures, uncompared } = result;
  if (json) {
    // JSON has no Infinity: a worst error without bound is the largest number there is.
    const worst = Math.min(result.worst, Number.MAX_VALUE);
    const counts = { file, passed, failed, unsupported: unsupported.length, worst };
    console.log(JSON.stringify({ ...counts, failures, reasons: unsupported, uncompared }));
    return;
  }
  const share = `worst error ${result.worst.toPrecision(2)} of what is allowed`;
  console.log(`${file}: ${passed} passed, ${failed} failed, ${unsupported.length} unsupported (${share})`);
  for (const { id, reason } of failures) console.log(`  failed: ${id}: ${reason}`);
  const groups = [
    ...unsupported.map(({ id, reason }) => [`unsupported: ${reason}`, id] as const),
    ...uncompared.map(({ id, members }) => [`not compared: ${members.join(", ")}`, id] as const),
  ];
  const byTitle = new Map<string, string[]>();
  for (const [title, id] of groups) byTitle.set(title, [...(byTitle.get(title) ?? []), id]);
  for (const [title, ids] of byTitle) {
    const shown = ids.slice(0, 3).join(", ");
    console.log(`  ${title}: ${shown}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""}`);
  }
}

const args = process.argv.slice(2);
if (args.includes("--help")) {
  console.log(HELP);
  process.exit(0);
}
const { json, backend, files } = parse(args);
try {
  await useBackend(backend, {});
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
const paths = files.length > 0 ? [...new Set(files.flatMap(filesNamed))] : filesIn(goldenFolder);
if (paths.length === 0) refuse(`No golden file is in ${goldenFolder}.`);

let failed = 0;
for (const path of paths) {
  const result = await runGolden(path);
  failed += result.failed;
  report(nameOf(path), result, json);
}
process.exitCode = failed > 0 ? 1 : 0;
