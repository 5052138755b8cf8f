/**
 * Trains a small network for thousands of steps, with another batch size every 100 steps and another learning rate in every
 * step, prints a table, and fails if memory grows or sessions pile up.
 *
 * Usage: npm run soak -- [STEPS] [compiled|recorded]
 */
import * as tf from "@tensorflow/tfjs-core";
import { problemsOf, soak } from "../test/soak/soak.ts";

const [steps = "5000", mode = "recorded"] = process.argv.slice(2);
await tf.setBackend("onnx");
console.log(" step  batch     loss  resident MiB  arrays MiB  compilations  sessions  tensors");
const rows = soak({
  steps: Number(steps),
  period: 100,
  mode: mode === "compiled" ? "compiled" : "recorded",
  onRow: (row) => {
    if (row.step % 500 !== 0 && row.step > 500) return;
    const cells: readonly (readonly [string, number])[] = [
      [`${row.step}`, 5],
      [`${row.batch}`, 7],
      [row.loss.toFixed(5), 9],
      [row.resident.toFixed(0), 14],
      [row.arrays.toFixed(1), 12],
      [`${row.compilations}`, 14],
      [`${row.sessions}`, 10],
      [`${row.tensors}`, 9],
    ];
    console.log(cells.map(([text, width]) => text.padStart(width)).join(""));
  },
});
const problems = problemsOf(rows);
console.log(problems.length > 0 ? `FAILED: ${problems.join("; ")}` : "steady");
process.exit(problems.length > 0 ? 1 : 0);
