import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CompileStep } from "@ddpm/core";
import { eps, l2, simple } from "@ddpm/diffusion";
import { linear, uniform } from "@ddpm/schedules";
import { compiledStep } from "@ddpm/tfjs-backend-onnx";
import { adamw, constantRate, disposeState, trainingLoop } from "@ddpm/trainer";
import { ho } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { startDdpm, temporaryFolder } from "./support/command.ts";
import { writeSmallRun } from "./support/small-run.ts";

/** Milliseconds between two yields to the event loop, in addition to the running step. */
const INTERVAL = 50;

describe("training on the onnx backend", () => {
  // Another program may have had the processor: what never gives way fails each time.
  test("lets timers fire between steps: the longest silence is a pause of the trainer and one step", {
    retry: 2,
  }, async () => {
    await tf.setBackend("onnx");
    const size = 16;
    const pixels = size * size * 3;
    const steps: number[] = [];
    const timed: CompileStep = (step) => {
      const compiled = compiledStep(step);
      return (inputs) => {
        const start = performance.now();
        const outputs = compiled(inputs);
        steps.push(performance.now() - start);
        return outputs;
      };
    };
    const training = trainingLoop({
      denoiser: ho({ width: 16, multipliers: [1, 2], blocks: 1, attention: [], groupSize: 8 }),
      parameterization: eps(),
      schedule: linear(),
      times: uniform(),
      loss: l2(),
      weight: simple(),
      images: {
        shape: [size, size, 3],
        length: 64,
        fingerprint: "waves",
        read: async (first, count) => ({
          data: Float32Array.from({ length: count * pixels }, (_, i) => Math.sin(first * pixels + i)),
          shape: [count, size, size, 3],
        }),
      },
      batch: 8,
      optimizer: adamw(),
      learningRate: constantRate({ rate: 1e-3 }),
      seed: 0,
      until: 40 * 8,
      logEvery: 10 * 8,
      compile: timed,
    });
    const silences: number[] = [];
    let last = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      if (last > 0) silences.push(now - last);
      last = now;
    }, 1);
    for await (const event of training) {
      if (event.type === "done") disposeState(event.state);
      if (event.images > 80) continue;
      // What was compiled counts no longer.
      last = 0;
      silences.length = 0;
      steps.length = 0;
    }
    clearInterval(timer);
    const total = steps.reduce((sum, time) => sum + time);
    expect(silences.length).toBeGreaterThan(total / (2 * (INTERVAL + Math.max(...steps))));
    expect(Math.max(...silences)).toBeLessThan(2 * INTERVAL + 3 * Math.max(...steps));
  });

  test("ends with 130 at Ctrl-C, a step later, with the state saved", async () => {
    const folder = temporaryFolder();
    const config = writeSmallRun(folder, { every: { log: 16, samples: 1e6, checkpoint: 1e6, keep: 2 } });
    const out = join(folder, "run");
    const words = ["train", config, "--out", out, "--images", "1000000", "--backend", "onnx", "--json"];
    const { child, ended } = startDdpm(words);
    let asked = 0;
    child.stdout!.on("data", (chunk: Buffer) => {
      if (asked > 0 || !chunk.includes('"images":160')) return;
      asked = performance.now();
      child.kill("SIGINT");
    });
    const { code, events, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(events.at(-1)).toMatchObject({ event: "interrupted" });
    const seen = events.filter(({ event }) => event === "step").at(-1)!.images as number;
    const saved = events.find(({ event }) => event === "checkpoint")!.images as number;
    expect(saved - seen).toBeLessThanOrEqual(16);
    expect(Number(readFileSync(join(out, "checkpoints", "latest"), "utf8"))).toBe(saved);
    expect(performance.now() - asked).toBeLessThan(30_000);
  });
});
