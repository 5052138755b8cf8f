// Fuzzes every parser: node --conditions=@ddpm/source --import tsx test/fuzz/fuzz.mts --count 100000 [--target tar --seed 1 --first 0]
// The targets are what byte-targets.ts, file-targets.ts and neighbour-targets.ts end with. Files go to the folder for temporary ones: one in memory is faster.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { byteTargets } from "./byte-targets.ts";
import { fileTargets } from "./file-targets.ts";
import { neighbourTargets } from "./neighbour-targets.ts";
import { runTarget } from "./run-target.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { count: text, target: text, seed: text, first: text } });
const [count, seed, first] = [
  Number(values.count ?? 100_000),
  Number(values.seed ?? 1),
  Number(values.first ?? 0),
];
const all = [...byteTargets, ...fileTargets, ...neighbourTargets];
const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  console.error(`no target "${values.target}", expected one of ${all.map(({ name }) => name).join("; ")}`);
  process.exit(2);
}

// Says where a parser hangs, which this thread no longer could.
const beats = new Int32Array(new SharedArrayBuffer(4));
const watchdog = new Worker(
  `const { workerData } = require("node:worker_threads");
   let last = -2;
   setInterval(() => {
     if (workerData[0] === last) { console.error("hangs at input " + last); process.kill(process.pid); }
     last = workerData[0];
   }, 120000);`,
  { eval: true, workerData: beats },
);
watchdog.unref();

let failed = false;
for (const target of targets) {
  const began = performance.now();
  const result = await runTarget(target, { seed, count, first }, (number) => {
    beats[0] = number;
  });
  const { runs, refused, slowestMilliseconds, largestMegabytes, findings } = result;
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `${target.name.padEnd(14)} ${runs} inputs, ${refused} refused, slowest ${slowestMilliseconds.toFixed(0)} ms of processor time, most memory ${largestMegabytes.toFixed(1)} MB, ${findings.length} findings, ${seconds} s`,
  );
  for (const { number, what, bytes } of findings.slice(0, 5)) {
    const file = join(tmpdir(), `fuzz-${target.name.replaceAll(/\W/g, "-")}-${seed}-${number}.bin`);
    writeFileSync(file, bytes);
    console.log(`  input ${number} (${file}): ${what.split("\n").slice(0, 4).join("\n    ")}`);
  }
  failed ||= findings.length > 0;
}
process.exit(failed ? 1 : 0);
