import { expectShape, fail, random } from "@ddpm/core";
import { checkOutputs } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { checkLabels } from "../batch/check-labels.ts";
import type { Network } from "../objective/network.ts";
import { learnedObjective } from "./learned-times.ts";
import { type AnyLoopOptions, hasObjective, type LoopOptions, type TrainingLoopOptions } from "./options.ts";

/**
 * Refuses what cannot work before anything is allocated: whatever `trainingLoop` would refuse, to be asked beforehand.
 *
 * @throws DdpmError naming the option, what was given and what was expected
 */
export function checkOptions(options: AnyLoopOptions): void {
  checkLoop(options);
  const network = hasObjective(options) ? options.objective : options.denoiser;
  if (hasObjective(options)) options.objective.checkSamples(options.images.shape);
  else checkDenoising(options);
  const expected = optimizerNames(network, options);
  if (options.state) checkState(network, options, expected);
}

function checkDenoising(options: TrainingLoopOptions): void {
  const { denoiser, images, batch, seed } = options;
  checkOutputs("trainer/check-options", denoiser);
  checkDropout(options);
  checkLabels(denoiser, images);
  checkConditions(options);
  checkImages(denoiser, images.shape);
  const { times } = learnedObjective(options, options.state?.times);
  times.draw({ first: 0, count: 1, batch }, random(seed), options.schedule);
}

function checkLoop(options: LoopOptions): void {
  const { batch, accumulate = 1, seed, until, logEvery, every = {}, clip } = options;
  if (!tf.getGradient("BatchMatMul") || !tf.getGradient("Add")) {
    fail(
      "trainer/check-options",
      "no gradients registered.",
      "Call `useBackend` of @ddpm/backends before training, which registers them, or import @tensorflow/tfjs.",
    );
  }
  whole("batch", batch, 1);
  whole("accumulate", accumulate, 1);
  whole("seed", seed, 0);
  positive("until", until);
  positive("logEvery", logEvery);
  for (const [what, distance] of Object.entries(every)) positive(`every.${what}`, distance);
  if (typeof clip === "number") positive("clip", clip);
  if (batch % accumulate !== 0) {
    fail(
      "trainer/check-options",
      `batch ${batch} does not divide into ${accumulate} microbatches.`,
      "Choose a divisor of the batch for accumulate.",
    );
  }
}

function checkDropout({ labelDropout = 0, denoiser }: TrainingLoopOptions): void {
  if (!(labelDropout >= 0 && labelDropout <= 1)) {
    fail("trainer/check-options", `labelDropout is ${labelDropout}, expected a probability.`);
  }
  if (labelDropout > 0 && !denoiser.classes && !denoiser.tokens) {
    fail(
      "trainer/check-options",
      `labelDropout is ${labelDropout}, but ${denoiser.name} takes neither labels nor text.`,
    );
  }
}

function checkConditions({ denoiser, images, condition, selfCondition }: TrainingLoopOptions): void {
  const { name, imageChannels, takesGuess } = denoiser;
  if (!imageChannels && condition) {
    fail("trainer/check-options", `${condition.name} makes condition images, and ${name} takes none.`);
  }
  if (imageChannels && !condition) {
    fail(
      "trainer/check-options",
      `${name} is conditioned on an image, and nothing makes it.`,
      "Pass a condition.",
    );
  }
  const made = condition?.channels(images.shape.at(-1)!);
  if (made !== imageChannels) {
    fail(
      "trainer/check-options",
      `${condition?.name} makes ${made} channels, and ${name} expects ${imageChannels}.`,
    );
  }
  if (selfCondition === undefined) return;
  if (!(selfCondition >= 0 && selfCondition <= 1)) {
    fail("trainer/check-options", `selfCondition is ${selfCondition}, expected a probability.`);
  }
  if (!takesGuess)
    fail("trainer/check-options", `selfCondition is given, but ${name} does not take its own guess.`);
}

function checkImages(
  { name, axes, channels, multiple, size }: TrainingLoopOptions["denoiser"],
  shape: readonly number[],
): void {
  const lengths = shape.slice(0, -1);
  const given = shape.at(-1);
  const what = `images of ${lengths.join(" × ")}`;
  if (lengths.length !== axes) {
    fail(
      "trainer/check-options",
      `${name} takes samples with ${axes} ${axes === 1 ? "axis" : "axes"} between batch and channels, and these have shape [${shape.join(", ")}].`,
      "Choose a network for samples of this shape.",
    );
  }
  if (given !== channels) {
    fail("trainer/check-options", `images have ${given} channels, ${name} expects ${channels}.`);
  }
  if (lengths.some((length) => length % multiple !== 0)) {
    fail("trainer/check-options", `${what}: ${name} needs multiples of ${multiple}.`, "Resize or crop them.");
  }
  if (size?.some((length, axis) => length !== lengths[axis])) {
    fail(
      "trainer/check-options",
      `${what}: ${name} is tied to ${size.join(" × ")}.`,
      "Build it for this size.",
    );
  }
}

function checkState(
  network: Network,
  { state, optimizer, ema }: LoopOptions,
  expected: readonly string[],
): void {
  if (!state) return;
  for (const { name, shape } of network.specs) {
    const value =
      state.params[name] ?? fail("trainer/check-options", `the state has no parameter "${name}".`);
    expectShape("trainer/check-options", `parameter "${name}" of the state`, value.shape, shape);
  }
  const missing = expected.find((name) => !(name in state.optimizer));
  if (missing !== undefined || expected.length !== Object.keys(state.optimizer).length) {
    fail(
      "trainer/check-options",
      `the state was not made by ${optimizer.name} with these options${missing ? `: no "${missing}"` : ""}.`,
      "Resume with the optimiser it was trained with, or start again from its weights.",
    );
  }
  if (ema && !state.ema) {
    fail(
      "trainer/check-options",
      "ema is given, but the state has no averaged weights.",
      "Start a new training, or leave ema out.",
    );
  }
  if (!ema && state.ema) {
    fail(
      "trainer/check-options",
      "the state has averaged weights, but ema is left out.",
      "Pass the ema it was made with.",
    );
  }
}

/** Names of an optimiser's state, from stand-ins for the weights: as many axes, one number. */
function optimizerNames({ specs }: Network, { optimizer }: LoopOptions): string[] {
  const learned = specs.filter(({ trainable }) => trainable);
  return tf.tidy(() => {
    const standIns = Object.fromEntries(
      learned.map(({ name, shape }) => [name, tf.zeros(shape.map(() => 1))]),
    );
    const state = optimizer.init(standIns);
    return Object.keys(state);
  });
}

function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  fail("trainer/check-options", `${name} is ${value}, expected a whole number of at least ${least}.`);
}

function positive(name: string, value: number): void {
  if (value > 0) return;
  fail("trainer/check-options", `${name} is ${value}, expected a number above 0.`);
}
