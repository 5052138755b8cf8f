import "@tensorflow/tfjs";
import { type CompileStep, type Denoiser, momentAt, random } from "@ddpm/core";
import { linear } from "@ddpm/schedules";
import { expectClose, gaussianOracle } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { countingCalls, epsOf } from "../src/authoring.ts";
import { classifierFree, clip, denoiseWith, parameterizations, v } from "../src/index.ts";

const schedule = linear({ steps: 50 });
const at = momentAt(schedule, 0.6);
const x = tf.tensor4d(random(1).normals(24), [2, 2, 2, 3]);

/** A network that returns its noise input, so that the algebra around it shows. */
const echo = (outputs: 3 | 6): Denoiser => ({
  name: "echo",
  specs: [],
  channels: 3,
  axes: 2,
  multiple: 1,
  ...(outputs === 6 ? { learnsVariance: true } : {}),
  init: () => ({}),
  apply(_params, input, noise, _condition, mode) {
    expect(mode.training).toBe(false);
    const f = tf.add(tf.mul(input, 0.5), tf.reshape(tf.mul(noise, 0.01), [-1, 1, 1, 1])) as tf.Tensor4D;
    return outputs === 3 ? f : (tf.concat([f, tf.onesLike(f)], 3) as tf.Tensor4D);
  },
});

test.each(["eps", "x0", "v"] as const)("%s gives the network √ᾱ of any level, times timeScale", (name) => {
  const time = { time: "signal", timeScale: 5000 } as const;
  const { at: of } = parameterizations.create({ name, ...time });
  for (const t of [0.02, 0.3141, 0.6, 1]) {
    const moment = momentAt(schedule, t);
    expect(of(moment, schedule).noise).toBe(5000 * moment.alpha);
  }
});

describe("denoiseWith", () => {
  for (const name of parameterizations.names) {
    test(`undoes ${name}`, async () => {
      const parameterization = parameterizations.create(name);
      const { x0, variance } = denoiseWith({ denoiser: echo(3), params: {}, parameterization, schedule })(
        x,
        at,
      );
      const { skip, out, in: scale, noise: input } = parameterization.at(at, schedule);
      await expectClose(
        x0,
        Array.from(await x.data(), (value) => skip * value + out * (0.5 * scale * value + 0.01 * input)),
        { relative: 1e-5 },
      );
      expect(variance).toBeUndefined();
    });
  }

  test("splits the channels of a network that learns variances", async () => {
    const plain = denoiseWith({ denoiser: echo(3), params: {}, parameterization: v(), schedule })(x, at);
    const { x0, variance } = denoiseWith({ denoiser: echo(6), params: {}, parameterization: v(), schedule })(
      x,
      at,
    );
    await expectClose(x0, plain.x0);
    await expectClose(variance!, new Float32Array(24).fill(1));
  });

  test.each([
    [
      { outputs: 5 },
      "returns 5 channels for samples of 3, expected 3. A network of other outputs can be applied",
    ],
    [{ outputs: 6 }, "returns 6 channels for samples of 3, expected 3. Build it with learnsVariance"],
    [{ outputs: 3, learnsVariance: true }, "returns 3 channels for samples of 3, expected 6."],
  ])("refuses a network of %j before it is applied", (counts, message) => {
    const denoiser = { ...echo(3), ...counts, apply: () => expect.unreachable() };
    const denoise = denoiseWith({ denoiser, params: {}, parameterization: v(), schedule });
    expect(() => denoise(x, at)).toThrow(`[diffusion/network-output] echo ${message}`);
  });

  test("is compiled once, and everything that changes is an input", async () => {
    const shapes: string[] = [];
    let compiled = 0;
    const compile: CompileStep = (call) => {
      compiled++;
      return (inputs) => {
        shapes.push(
          Object.entries<tf.Tensor>(inputs as Record<string, tf.Tensor>)
            .map(([name, { shape }]) => `${name}[${shape}]`)
            .join(" "),
        );
        return call(inputs);
      };
    };
    const denoise = denoiseWith({ denoiser: echo(3), params: {}, parameterization: v(), schedule, compile });
    const one = denoise(x, at).x0;
    denoise(x, momentAt(schedule, 0.2));
    expect(compiled).toBe(1);
    expect(new Set(shapes)).toEqual(
      new Set(["x[2,2,2,3] skip[2] out[2] in[2] noise[2] epsSkip[2] epsOut[2]"]),
    );
    await expectClose(
      one,
      denoiseWith({ denoiser: echo(3), params: {}, parameterization: v(), schedule })(x, at).x0,
    );
  });
});

describe("wrappers", () => {
  const { denoise } = gaussianOracle({ mean: [3, -3, 0] });

  test("clip keeps guesses inside the range, and the noise follows unless it is kept", async () => {
    const free = denoise(x, at);
    const clipped = clip()(denoise)(x, at);
    const kept = clip({ keepEps: true })(denoise)(x, at);
    const bounded = Array.from(await free.x0.data(), (value) => Math.min(1, Math.max(-1, value)));
    await expectClose(clipped.x0, bounded);
    await expectClose(kept.x0, bounded);
    expect(clipped.eps).toBeUndefined();
    await expectClose(kept.eps!, epsOf({ ...free, x, at }));
    expect(() => clip({ min: 1, max: -1 })).toThrow("not below");
  });

  test("counting counts and changes nothing", async () => {
    const counted = countingCalls(denoise);
    await expectClose(counted.denoise(x, at).x0, denoise(x, at).x0);
    counted.denoise(x, at);
    expect(counted.calls()).toBe(2);
  });

  test("guidance goes from the unconditional guess past the conditional one", async () => {
    const conditional = gaussianOracle({ mean: [1, 1, 1] }).denoise;
    const unconditional = gaussianOracle({ mean: [0, 0, 0] }).denoise;
    const [c, u] = [await conditional(x, at).x0.data(), await unconditional(x, at).x0.data()];
    for (const scale of [0, 1, 4]) {
      const { x0 } = classifierFree({ conditional, unconditional, scale })(x, at);
      await expectClose(
        x0,
        Array.from(c, (value, i) => u[i]! + scale * (value - u[i]!)),
        { relative: 1e-5 },
      );
    }
    expect(classifierFree({ conditional, unconditional, scale: 1 })).toBe(conditional);
  });
});
