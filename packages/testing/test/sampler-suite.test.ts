import "@tensorflow/tfjs";
import type { Sampler } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { runChecks, samplerSuite } from "../src/index.ts";
import { paths } from "./schedules.ts";
import { ancestral, euler } from "./toy-samplers.ts";

const refusal = async (sampler: Sampler): Promise<string> => {
  const error = await runChecks(
    sampler.name,
    samplerSuite(() => sampler, { schedules: paths }),
  ).catch((thrown: Error) => thrown);
  return error instanceof Error ? error.message : "accepted";
};

describe("right samplers pass", () => {
  for (const sampler of [euler, ancestral]) {
    for (const axes of [1, 2, 3]) {
      for (const { name, run } of samplerSuite(() => sampler, { schedules: paths, axes })) {
        test(`${sampler.name}, samples with ${axes} axes: ${name}`, run);
      }
    }
  }
});

describe("wrong samplers are refused, for the reason that is wrong", () => {
  test("an order that is declared too high", async () => {
    expect(await refusal({ ...euler, order: 2 })).toMatch(/declares order 2, found 0\.\d+|found 1\.\d+/);
  });

  test("a tensor kept", async () => {
    const leaking: Sampler = {
      ...euler,
      step(input) {
        const output = euler.step(input);
        tf.keep(tf.clone(output.x));
        return output;
      },
    };
    expect(await refusal(leaking)).toContain("were left behind");
  });

  test("noise from Math.random", async () => {
    const unseeded: Sampler = {
      ...ancestral,
      step: (input) => ancestral.step({ ...input, noise: () => tf.mul(input.noise(), 0.5 + Math.random()) }),
    };
    const message = await refusal(unseeded);
    expect(message).toContain("two runs of one seed differ");
    expect(message).toContain("a sample alone and in a batch differ");
  });

  test("images of a batch that see each other", async () => {
    const mixing: Sampler = {
      ...euler,
      step(input) {
        const { x, prediction } = euler.step(input);
        return { x: tf.add(x, tf.mul(tf.mean(x), 1e-3)), prediction };
      },
    };
    expect(await refusal(mixing)).toContain("a sample alone and in a batch differ");
  });

  test("a deterministic sampler that draws, and a noisy one that does not", async () => {
    const drawing: Sampler = {
      ...euler,
      step(input) {
        input.noise();
        return euler.step(input);
      },
    };
    expect(await refusal(drawing)).toContain("but draws noise");
    expect(await refusal({ ...euler, order: 0 })).toContain("but draws no noise");
  });

  test("too little noise", async () => {
    const timid: Sampler = {
      ...ancestral,
      step: (input) => ancestral.step({ ...input, noise: () => tf.mul(input.noise(), 0.7) }),
    };
    expect(await refusal(timid)).toContain("ends with mean");
  });

  test("the wrong shape, and images disposed of", async () => {
    const flat: Sampler = {
      ...euler,
      step(input) {
        const output = euler.step(input);
        return { ...output, x: tf.reshape(output.x, [-1, 1, 1, 3]) };
      },
    };
    expect(await refusal(flat)).toContain("x comes out as [12,1,1,3], expected [3,2,2,3]");
    const greedy: Sampler = {
      ...euler,
      step(input) {
        const output = euler.step(input);
        input.x.dispose();
        return output;
      },
    };
    expect(await refusal(greedy)).toContain("disposes of the samples");
  });

  test("NaN at the end", async () => {
    const dividing: Sampler = {
      ...euler,
      step(input) {
        const output = euler.step(input);
        return { ...output, x: tf.div(tf.mul(output.x, input.to.sigma), input.to.sigma) };
      },
    };
    expect(await refusal(dividing)).toContain("not finite");
  });
});
