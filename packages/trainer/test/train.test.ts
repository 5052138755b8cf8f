import { type CompileStep, random, type Step } from "@ddpm/core";
import { disposeTree, interpret, mapTree } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adamw,
  disposeState,
  divergence,
  emas,
  optimizers,
  type TrainingLoopOptions,
  trainingLoop,
} from "../src/index.ts";
import { leavesOf } from "./support/leaves.ts";
import { bitsOf, logged, run } from "./support/run.ts";
import { options, stream, toy } from "./support/toy.ts";

const ema = emas.create({ name: "warmup", decay: 0.9 });

describe("events", () => {
  test("come in order, at the images asked for, and the loss falls", async () => {
    const { events, state } = await run(
      options({ ema, until: 800, logEvery: 160, every: { checkpoint: 320, samples: 200 } }),
    );
    const seen = events.map((event) => `${event.images} ${event.type === "due" ? event.what : event.type}`);
    expect(seen).toEqual([
      "160 step",
      "200 samples",
      "320 step",
      "320 checkpoint",
      "400 samples",
      "480 step",
      "600 samples",
      "640 step",
      "640 checkpoint",
      "800 step",
      "800 samples",
    ]);
    expect(state).toMatchObject({ images: 800, step: 100, sinceLog: 0 });
    const steps = logged(events);
    expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss);
    expect(steps[0]).toMatchObject({ step: 20, emaDecay: 20 / 29 });
    for (const event of events) if (event.type === "step") expect(event.imagesPerSecond).toBeGreaterThan(0);
    disposeState(state);
  });

  test("report the mean over the updates since the last one, whatever the distance", async () => {
    const fine = await run(options({ logEvery: 8 }));
    const coarse = await run(options({ logEvery: 48 }));
    const losses = logged(fine.events).map(({ loss }) => loss);
    const mean = losses.slice(0, 6).reduce((sum, loss) => sum + loss, 0) / 6;
    expect(logged(coarse.events)[0]!.loss).toBeCloseTo(mean, 5);
    expect({ ...bitsOf(coarse.state), sinceLog: 0 }).toEqual({ ...bitsOf(fine.state), sinceLog: 0 });
    disposeState(fine.state);
    disposeState(coarse.state);
  });

  test("an abort finishes the update, asks for a checkpoint, and returns", async () => {
    const signal = { aborted: false };
    const { events, state } = await run(options({ signal, logEvery: 24 }), () => {
      signal.aborted = true;
    });
    expect(events.map((event) => [event.type, event.images])).toEqual([
      ["step", 24],
      ["due", 24],
    ]);
    expect(events[1]).toMatchObject({ what: "checkpoint" });
    expect(state.images).toBe(24);
    disposeState(state);
  });

  test("an abort while a checkpoint is saved does not ask for another", async () => {
    const signal = { aborted: false };
    const { events, state } = await run(options({ signal, every: { checkpoint: 16, other: 16 } }), () => {
      signal.aborted = true;
    });
    expect(events.map((event) => event.type === "due" && event.what)).toEqual(["checkpoint", "other"]);
    disposeState(state);
    const again = await run(options({ signal }));
    expect(again.events).toEqual([]);
    expect(again.state.images).toBe(0);
    disposeState(again.state);
  });

  test("an abort is seen while images come from memory", async () => {
    const signal = { aborted: false };
    setTimeout(() => {
      signal.aborted = true;
    }, 100);
    const { state } = await run(options({ signal, until: 1e9, logEvery: 1e9 }));
    expect(state.images).toBeLessThan(1e6);
    disposeState(state);
  });
});

describe("memory", () => {
  test("a thousand updates leave nothing behind, in tensors or bytes", async () => {
    const before = tf.memory();
    const seen: { numTensors: number; numBytes: number; numDataBuffers: number }[] = [];
    const training = options({
      ema,
      clip: 1,
      accumulate: 2,
      until: 8000,
      logEvery: 800,
      every: { look: 400 },
    });
    const { state } = await run(training, (event) => {
      if (event.type === "due") {
        const { numTensors, numBytes, numDataBuffers } = tf.memory();
        seen.push({ numTensors, numBytes, numDataBuffers });
      }
    });
    expect(seen).toHaveLength(20);
    expect(new Set(seen.map((memory) => JSON.stringify(memory))).size).toBe(1);
    disposeState(state);
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numBytes: before.numBytes,
      numDataBuffers: before.numDataBuffers,
    });
  });

  test("leaving the loop early frees the state", async () => {
    const before = tf.memory().numTensors;
    for await (const event of trainingLoop(options({ ema }))) {
      if (event.images === 48) break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("steps", () => {
  test("have the same inputs every time: names, shapes, types", async () => {
    const seen: string[][] = [];
    const spy: CompileStep = (step) => {
      const signatures: string[] = [];
      seen.push(signatures);
      const run = interpret(step);
      return (inputs) => {
        const leaves = Object.entries(leavesOf(inputs));
        signatures.push(leaves.map(([name, { shape, dtype }]) => `${name} ${dtype} ${shape}`).join("\n"));
        return run(inputs);
      };
    };
    for (const accumulate of [1, 4]) {
      disposeState((await run(options({ ema, clip: 1, accumulate, compile: spy }))).state);
    }
    expect(seen.map((signatures) => signatures.length)).toEqual([12, 48, 12]);
    for (const signatures of seen) expect(new Set(signatures).size).toBe(1);
  });

  test("are pure: a recording of one step replays every other step", async () => {
    // Calls each step a second time, in between leaving other random numbers and rates to be found by mistake.
    const twice: CompileStep = <Inputs extends object, Outputs extends object>(
      step: Step<Inputs, Outputs>,
    ): Step<Inputs, Outputs> => {
      const run = interpret(step);
      let earlier: Inputs | undefined;
      return (inputs) => {
        const first = run(inputs);
        if (earlier) disposeTree({ again: run(earlier), earlier });
        const second = run(inputs);
        earlier = mapTree(inputs, (tensor) => tf.clone(tensor));
        const found = leavesOf(second);
        for (const [name, value] of Object.entries(leavesOf(first))) {
          expect(found[name]!.dataSync()).toEqual(value.dataSync());
        }
        disposeTree(first);
        return second;
      };
    };
    const plain = await run(options({ ema, clip: 1 }));
    const replayed = await run(options({ ema, clip: 1, compile: twice }));
    expect(bitsOf(replayed.state)).toEqual(bitsOf(plain.state));
    disposeState(plain.state);
    disposeState(replayed.state);
  });

  test("leave a weight that the output does not depend on as it is, even under weight decay", async () => {
    const { state } = await run(options());
    const start = toy().init(random(7).fork("init"));
    expect(state.params.unused!.dataSync()).toEqual(start.unused!.dataSync());
    expect(state.params["out.bias"]!.dataSync()).not.toEqual(start["out.bias"]!.dataSync());
    expect(state.params.mean!.dataSync().some((value) => value !== 0)).toBe(true);
    tf.dispose(start);
    disposeState(state);
  });
});

describe("accumulation", () => {
  const parts = async (
    accumulate: number,
    change: Partial<TrainingLoopOptions> = {},
  ): Promise<Float32Array[]> => {
    const denoiser = toy({ running: false });
    const { state } = await run(
      options({ denoiser, accumulate, ema, clip: 0.5, labelDropout: 0.3, ...change }),
    );
    const weights = Object.values(state.params).map((value) => value.dataSync() as Float32Array);
    disposeState(state);
    return weights;
  };

  test("gives the weights of the large batch up to rounding, dropout and label dropout included", async () => {
    const whole = await parts(1);
    for (const accumulate of [2, 4, 8]) {
      const cut = await parts(accumulate);
      cut.forEach((weights, i) => {
        for (const [j, value] of weights.entries()) {
          expect(Math.abs(value - whole[i]![j]!)).toBeLessThan(2e-5);
        }
      });
    }
  });

  test("would be noticed if it were not: other noise gives other weights", async () => {
    const [whole, other] = [await parts(1), await parts(2, { seed: 8 })];
    const distance = whole.flatMap((weights, i) =>
      [...weights].map((value, j) => Math.abs(value - other[i]![j]!)),
    );
    expect(Math.max(...distance)).toBeGreaterThan(1e-2);
  });
});

describe("divergence", () => {
  const poisoned = (image: number, value: number): TrainingLoopOptions["images"] => ({
    ...stream,
    async read(first, count) {
      const images = await stream.read(first, count);
      if (image >= first && image < first + count) images.data[(image - first) * 4] = value;
      return images;
    },
  });

  test("stops at the next log point or due event and names the update that did it", async () => {
    const before = tf.memory().numTensors;
    const seen: string[] = [];
    const training = options({
      images: poisoned(50, Number.NaN),
      until: 960,
      logEvery: 48,
      every: { checkpoint: 40 },
    });
    const error = await run(training, (event) => void seen.push(`${event.images} ${event.type}`)).catch(
      (thrown: unknown) => thrown,
    );
    expect(divergence(error)).toMatchObject({ step: 7, images: 56 });
    expect(divergence(error)!.loss).toBeNaN();
    expect(String(error)).toMatch(/loss of update 7 \(56 images\) is not a finite number.*checkpoint/);
    expect(seen).toEqual(["40 due", "48 step"]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("a gradient that overflows stops training, too", async () => {
    const huge = { name: "huge", at: () => 1e30 };
    const error = await run(options({ weight: huge })).catch((thrown: unknown) => thrown);
    expect(divergence(error)).toMatchObject({ step: 1, images: 8 });
    expect(String(error)).toContain("a gradient of update 1");
  });

  test("a state that has diverged is never returned", async () => {
    const training = options({ images: poisoned(90, Number.POSITIVE_INFINITY), logEvery: 1000 });
    await expect(run(training)).rejects.toThrow("update 12 (96 images)");
  });

  test("a sound training is not taken for a diverged one", async () => {
    const { state } = await run(options({ logEvery: 8 }));
    expect(divergence(new Error("other"))).toBeUndefined();
    disposeState(state);
  });
});

describe("refusals", () => {
  const cases: readonly [string, Partial<TrainingLoopOptions>, RegExp][] = [
    ["a batch that does not split", { batch: 8, accumulate: 3 }, /batch 8 .* 3 microbatches/],
    ["half an image", { batch: 1.5 }, /batch is 1.5/],
    ["no distance between logs", { logEvery: 0 }, /logEvery is 0/],
    ["a distance of nothing", { every: { checkpoint: -1 } }, /every.checkpoint is -1/],
    ["a negative seed", { seed: -1 }, /seed is -1/],
    ["clipping to nothing", { clip: 0 }, /clip is 0/],
    ["more than certainty", { labelDropout: 1.5 }, /labelDropout is 1.5/],
    ["images of another size", { images: { ...stream, shape: [3, 2, 1] } }, /3 × 2.*tied to 2 × 2/],
    [
      "a network of other outputs",
      { denoiser: { ...toy(), outputs: 3 } },
      /toy returns 3 .* of 1, expected 1/,
    ],
    ["images of other channels", { images: { ...stream, shape: [2, 2, 3] } }, /3 channels/],
  ];

  test.each(cases)("%s", async (_, change, message) => {
    const before = tf.memory().numTensors;
    await expect(run(options(change))).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  const states: readonly [string, Partial<TrainingLoopOptions>, RegExp][] = [
    ["another optimiser", { optimizer: optimizers.create("sgd") }, /not made by sgd/],
    ["the optimiser with other options", { optimizer: adamw({ amsgrad: true }) }, /no "largest\/in.kernel"/],
    ["averages that are not there", { ema }, /no averaged weights/],
    [
      "another network",
      { denoiser: { ...toy(), specs: [{ name: "w", shape: [], trainable: true }] } },
      /no parameter "w"/,
    ],
  ];

  test.each(states)("a state for %s is refused and stays the caller's", async (_, change, message) => {
    const { state } = await run(options({ until: 16 }));
    const before = tf.memory().numTensors;
    await expect(run(options({ ...change, state }))).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    disposeState(state);
  });

  test("images without labels for a network that takes them", async () => {
    const read = async (first: number, count: number) => {
      const { data, shape } = await stream.read(first, count);
      return { data, shape };
    };
    await expect(run(options({ images: { ...stream, read } }))).rejects.toThrow("takes labels");
  });

  test("images of another shape than announced", async () => {
    const read = (first: number, count: number) => stream.read(first, count - 1);
    await expect(run(options({ images: { ...stream, read } }))).rejects.toThrow("expected [8, 2, 2, 1]");
  });
});
