import "@tensorflow/tfjs";
import type { SampleStream } from "@ddpm/core/authoring";
import { lucidrains1d } from "@ddpm/unet";
import { expect, test } from "vitest";
import { disposeState, type TrainingLoopOptions, trainingLoop } from "../src/index.ts";
import { options, stream, toy } from "./support/toy.ts";

/** Everything that a training ends with, number by number. */
async function numbersOf(given: TrainingLoopOptions): Promise<string> {
  for await (const event of trainingLoop(given)) {
    if (event.type !== "done") continue;
    const { params, optimizer } = event.state;
    const text = Object.entries({ ...params, ...optimizer })
      .map(([name, tensor]) => `${name} ${tensor.dataSync().join()}`)
      .join("\n");
    disposeState(event.state);
    return text;
  }
  throw new Error("a training ends with a done event");
}

/** The toy images, pixel after pixel, as samples of another shape. */
function reshaped(shape: readonly number[]): SampleStream {
  const read: SampleStream["read"] = async (first, count) => ({
    ...(await stream.read(first, count)),
    shape: [count, ...shape],
  });
  return { ...stream, shape, read };
}

test("training on images and on the same numbers as signals gives the same weights, to the bit", async () => {
  const signals = options({ denoiser: { ...toy(), axes: 1, size: [4] }, images: reshaped([4, 1]) });
  expect(await numbersOf(signals)).toBe(await numbersOf(options()));
});

test("a network for signals learns from a stream of signals, and refuses one of images", async () => {
  const denoiser = lucidrains1d({ channels: 1, dim: 4, dimMults: [1, 2], attnDimHead: 2, attnHeads: 2 });
  const given = { denoiser, until: 16, logEvery: 8 };
  expect(await numbersOf(options({ ...given, images: reshaped([4, 1]) }))).toContain("stem.kernel");
  await expect(numbersOf(options({ ...given, images: reshaped([2, 2, 1]) }))).rejects.toThrow(
    "lucidrains-1d takes samples with 1 axis between batch and channels, and these have shape [2, 2, 1].",
  );
});
