import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { onnxStatistics } from "../src/index.ts";
import { problemsOf, soak } from "./soak/soak.ts";

beforeAll(async () => {
  await tf.setBackend("onnx");
});

it.each(["recorded", "compiled"] as const)(
  "240 steps, %s, with changing batch sizes and learning rates leave nothing behind",
  (mode) => {
    const rows = soak({ steps: 240, period: 12, mode });
    expect(problemsOf(rows)).toEqual([]);
    const [middle, end] = [rows[8]!, rows.at(-1)!];
    expect(end.compilations).toBe(middle.compilations);
    expect(end.sessions).toBe(middle.sessions);
    expect(end.sessions).toBeLessThanOrEqual(onnxStatistics().sessions);
  },
);
