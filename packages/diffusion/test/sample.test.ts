import "@tensorflow/tfjs";
import { random, type Sampler } from "@ddpm/core";
import { cosine, leading, linear } from "@ddpm/schedules";
import { expectClose, expectNoLeak, gaussianOracle } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  ddim,
  ddpm,
  dpmpp2m,
  type Frame,
  lastOf,
  type SamplingLoopOptions,
  samplers,
  samplingLoop,
} from "../src/index.ts";

const oracle = gaussianOracle();
const schedule = cosine({ steps: 100 });
const options = (more: Partial<SamplingLoopOptions> = {}): SamplingLoopOptions => ({
  denoise: oracle.denoise,
  schedule,
  sampler: ddpm(),
  times: leading().times(10, schedule),
  shape: [2, 4, 4, 3],
  random: random(1),
  ...more,
});
const pixels = async (more: Partial<SamplingLoopOptions> = {}): Promise<Float32Array> => {
  const x = await lastOf(samplingLoop(options(more)));
  const values = (await x.data()) as Float32Array;
  x.dispose();
  return values;
};

describe("the loop", () => {
  test("gives one frame per step, with the guess, the moment and the calls so far", async () => {
    const frames: Frame[] = [];
    for await (const frame of samplingLoop(options())) frames.push({ ...frame });
    expect(frames.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(frames.map(({ calls }) => calls)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(frames.at(-1)).toMatchObject({ count: 10, at: { t: 0, alpha: 1, sigma: 0 } });
    expect(frames[0]!.at.t).toBe(leading().times(10, schedule)[1]);
  });

  test("same seed, same bits; another seed, other bits", async () => {
    expect(await pixels()).toEqual(await pixels());
    expect(await pixels({ random: random(2) })).not.toEqual(await pixels());
  });

  test("sample k is the same in every batch, for every sampler with given steps", async () => {
    for (const name of samplers.names) {
      const sampler = samplers.create(name);
      if (sampler.adaptive) continue;
      const all = await pixels({ sampler, shape: [5, 4, 4, 3] });
      expect(await pixels({ sampler, shape: [2, 4, 4, 3], first: 3 })).toEqual(all.slice(3 * 48));
    }
  });

  test("resuming from a frame gives the bits of the uninterrupted run", async () => {
    for (const sampler of [ddpm(), dpmpp2m()]) {
      const whole = await pixels({ sampler });
      for await (const frame of samplingLoop(options({ sampler }))) {
        if (frame.step !== 4) continue;
        expect(await pixels({ sampler, resume: frame })).toEqual(whole);
        break;
      }
    }
  });

  test("starts from given images, and leaves them to their owner", async () => {
    const start = tf.ones([2, 4, 4, 3]) as tf.Tensor4D;
    const out = await pixels({ start, sampler: ddim(), times: [0.5, 0.25] });
    expect(Array.from(out)).toHaveLength(96);
    const exact = oracle.flow(await start.data(), schedule.at(0.5), schedule.at(0.25));
    expect(Math.abs(out[0]! - exact[0]!)).toBeLessThan(0.05);
    expect(start.isDisposed).toBe(false);
    start.dispose();
  });

  test("up and down again with DDIM comes back to the image", async () => {
    const x = tf.tensor4d(random(3).normals(48), [1, 4, 4, 3]);
    const times = Array.from({ length: 91 }, (_, i) => 0.01 + i / 100);
    const shape = [1, 4, 4, 3] as const;
    const up = await lastOf(samplingLoop(options({ start: x, sampler: ddim(), times, shape })));
    const down = await lastOf(
      samplingLoop(options({ start: up, sampler: ddim(), times: times.reverse(), shape })),
    );
    await expectClose(down, x, { absolute: 0.1 });
    const moved = tf.tidy(() => tf.max(tf.abs(tf.sub(up, x))).dataSync()[0]!);
    expect(moved).toBeGreaterThan(0.5);
    tf.dispose([x, up, down]);
  });

  test("noise goes through the whole chain of T steps and ends as the data's mean and spread", async () => {
    const table = linear({ steps: 200 });
    const values = await pixels({
      schedule: table,
      times: leading().times(200, table),
      shape: [64, 8, 8, 3],
    });
    const red = values.filter((_, i) => i % 3 === 0);
    const mean = red.reduce((sum, value) => sum + value) / red.length;
    const spread = Math.sqrt(red.reduce((sum, value) => sum + (value - mean) ** 2, 0) / red.length);
    expect(mean).toBeCloseTo(0.3, 1);
    expect(spread).toBeCloseTo(0.5, 1);
  });
});

describe("the event loop runs between steps", () => {
  /** A network that blocks for 15 ms, as a synchronous backend does. */
  const slow: SamplingLoopOptions["denoise"] = (x, at) => {
    const until = performance.now() + 15;
    while (performance.now() < until);
    return oracle.denoise(x, at);
  };

  test("a timer fires between steps, also where nothing else waits", async () => {
    let fired = 0;
    const timer = setInterval(() => fired++, 1);
    (await lastOf(samplingLoop(options({ denoise: slow, times: leading().times(20, schedule) })))).dispose();
    clearInterval(timer);
    expect(fired).toBeGreaterThanOrEqual(3);
  });

  test("an abort that comes from a timer stops the sampling run", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    const run = lastOf(
      samplingLoop(options({ denoise: slow, signal: stop.signal, times: leading().times(50, schedule) })),
    );
    await expect(run).rejects.toThrow(/stopped by its signal after \d+ steps/);
  });
});

describe("nothing is left behind", () => {
  const finish = async (more: Partial<SamplingLoopOptions> = {}) =>
    (await lastOf(samplingLoop(options(more)))).dispose();

  test("after a whole run, for every sampler", async () => {
    for (const name of samplers.names)
      await expectNoLeak(name, () => finish({ sampler: samplers.create(name) }));
  });

  test("when the caller stops early", async () => {
    await expectNoLeak("early", async () => {
      for await (const frame of samplingLoop(options({ sampler: dpmpp2m() }))) if (frame.step === 3) break;
    });
  });

  test("when a step throws, in the first step or later", async () => {
    for (const at of [0, 4]) {
      const failing: Sampler = {
        ...dpmpp2m(),
        step(input) {
          const output = dpmpp2m().step(input);
          if (input.index === at) throw new Error("broken");
          return output;
        },
      };
      await expectNoLeak("throwing", () => expect(finish({ sampler: failing })).rejects.toThrow("broken"));
    }
  });

  test("when the signal says stop, which is an error that says where", async () => {
    await expectNoLeak("abort", async () => {
      const signal = { aborted: false };
      const run = async () => {
        for await (const { step } of samplingLoop(options({ signal }))) if (step === 2) signal.aborted = true;
      };
      await expect(run()).rejects.toThrow("stopped by its signal after 2 steps");
    });
  });

  test("memory does not grow with the steps", async () => {
    const counts = new Set<number>();
    for await (const { step } of samplingLoop(options({ sampler: dpmpp2m() }))) {
      if (step > 2) counts.add(tf.memory().numTensors);
    }
    expect(counts.size).toBe(1);
  });
});

describe("wrong use is refused", () => {
  test("times that make no path", async () => {
    await expect(pixels({ times: [1] })).rejects.toThrow("1 times given");
    await expect(pixels({ times: [1, 1, 0] })).rejects.toThrow("twice in a row");
    await expect(pixels({ times: [1.5, 0] })).rejects.toThrow("time 1.5 given");
    await expect(pixels({ times: [0.2, 0.4] })).rejects.toThrow("up to 0.4");
  });

  test("a start of another shape", async () => {
    await expect(pixels({ start: tf.zeros([1, 4, 4, 3]) })).rejects.toThrow("start has shape [1, 4, 4, 3]");
  });
});
