import { type Condition, type Denoiser, fail, INFERENCE, isDdpmError, type Params, random } from "@ddpm/core";
import { outputChannels, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { firstValues } from "../first-values.ts";
import { contextChecks, TOKENS } from "./context-checks.ts";
import type { DenoiserCheck } from "./denoiser-check.ts";
import { distance } from "./distance.ts";
import { type Fit, fitBriefly } from "./fit-briefly.ts";

/** Options of {@link denoiserSuite}. */
export interface DenoiserSuiteOptions {
  /** Lengths to try along the axes between batch and channels; the denoiser's own `size`, or twice its `multiple`, when left out. */
  readonly size?: readonly number[];
  /** Trainable parameters that the denoiser documents as without effect, by name or pattern. */
  readonly dead?: readonly (string | RegExp)[];
  /** The condition of so many samples, besides their noise. */
  readonly condition?: (samples: number) => Condition;
  /** Two noise levels that must give different outputs; 3 and 700 when left out. */
  readonly noise?: readonly [number, number];
}

const where = "testing/denoiser-suite";
const SAMPLES = 3;

/**
 * What every {@link Denoiser} promises, on the active TensorFlow.js backend, which must have gradients.
 * Use: `for (const { name, run } of denoiserSuite(make)) test(name, run)`.
 *
 * @param make builds the denoiser; called more than once to see that its parameters keep their names
 */
export function denoiserSuite(
  make: () => Denoiser,
  options: DenoiserSuiteOptions = {},
): readonly DenoiserCheck[] {
  const denoiser = make();
  const { axes, channels, multiple, classes, specs } = denoiser;
  const side = Math.max(2 * multiple, 4);
  const lengths = options.size ?? denoiser.size ?? new Array<number>(axes).fill(side);
  const [low, high] = options.noise ?? [3, 700];
  const isDead = (name: string): boolean =>
    (options.dead ?? []).some((dead) => (typeof dead === "string" ? dead === name : dead.test(name)));

  const drawn = (count: number, seed = 1): tf.Tensor => {
    const shape = [count, ...lengths, channels];
    return tf.tensor(random(seed).normals(sizeOf(shape)), shape);
  };
  const conditionOf = (count: number): Condition => ({
    ...drawnCondition(denoiser, count),
    ...options.condition?.(count),
  });
  const outputs = outputChannels(denoiser);
  let fitted: Promise<Fit> | undefined;
  const fit = (): Promise<Fit> => {
    const shape = [SAMPLES, ...lengths, outputs];
    fitted ??= fitBriefly(denoiser, {
      x: () => drawn(SAMPLES, 5),
      noise: () => tf.tensor1d([low, (low + high) / 2, high]),
      target: () => tf.tensor(random(6).normals(sizeOf(shape)), shape),
      condition: () => conditionOf(SAMPLES),
      isDead,
    });
    return fitted;
  };
  /** Lends weights that a few updates moved away from zero-initialised ends. */
  const lend = async <Value>(use: (params: Params) => Value | Promise<Value>): Promise<Value> => {
    const params = (await fit()).params();
    try {
      return await use(params);
    } finally {
      tf.dispose({ ...params });
    }
  };
  const answer = (
    x: () => tf.Tensor,
    noise: readonly number[],
    condition: () => Condition = () => conditionOf(noise.length),
  ): Promise<Float32Array> =>
    lend(async (params) => {
      const y = tf.tidy(() => denoiser.apply(params, x(), tf.tensor1d([...noise]), condition(), INFERENCE));
      const data = await y.data<"float32">();
      y.dispose();
      return data;
    });

  const checks: DenoiserCheck[] = [
    {
      name: "parameters have names of their own, the same in every making",
      async run() {
        const names = specs.map(({ name }) => name);
        const twice = names.find((name, i) => name === "" || names.indexOf(name) !== i);
        if (twice !== undefined) fail(where, `parameter "${twice}" is declared twice, or has no name.`);
        const again = make().specs;
        const moved = specs.find((spec, i) => JSON.stringify(spec) !== JSON.stringify(again[i]));
        if (moved || again.length !== specs.length)
          fail(where, `a second making differs at "${moved?.name}".`);
      },
    },
    {
      name: "init makes one finite tensor per parameter, the same for the same seed",
      async run() {
        const [one, same, other] = [await first(1), await first(1), await first(2)];
        if (one.join() !== same.join()) fail(where, "the same seed gives other parameters.");
        if (one.join() === other.join()) fail(where, "another seed gives the same parameters.");
      },
    },
    {
      name: "the output has the shape of the samples",
      run: () =>
        lend((params) => {
          const y = tf.tidy(
            () => denoiser.apply(params, drawn(2), tf.tensor1d([low, high]), conditionOf(2), INFERENCE).shape,
          );
          const expected = [2, ...lengths, outputs];
          if (y.join() !== expected.join()) fail(where, `output [${y}], expected [${expected}].`);
        }),
    },
    {
      name: "every trainable parameter is learned, apart from those documented as dead",
      async run() {
        const { broken, still, moving } = await fit();
        if (broken.length > 0) fail(where, `gradients that are not finite: ${broken.join(", ")}.`);
        if (still.length > 0) fail(where, `parameters without a gradient: ${still.join(", ")}.`);
        if (moving.length > 0) fail(where, `documented as dead, but with a gradient: ${moving.join(", ")}.`);
      },
    },
    {
      name: "two noise levels give different outputs",
      async run() {
        const off = distance(await answer(() => drawn(1), [low]), await answer(() => drawn(1), [high]));
        if (off < 1e-3) fail(where, `noise ${low} and ${high} give the same output.`);
      },
    },
    {
      name: "samples of a batch do not see each other",
      async run() {
        const noise = [low, (low + high) / 2, high];
        const all = await answer(() => drawn(SAMPLES), noise);
        const size = all.length / SAMPLES;
        for (const [i, level] of noise.entries()) {
          const alone = await answer(
            () => tf.slice(drawn(SAMPLES), i, 1),
            [level],
            () => only(conditionOf(SAMPLES), i),
          );
          const off = distance(all.subarray(i * size, (i + 1) * size), alone);
          if (!(off < 1e-4)) fail(where, `sample ${i} alone differs from sample ${i} in a batch by ${off}.`);
        }
      },
    },
    {
      name: "inference is deterministic",
      async run() {
        const one = await answer(() => drawn(2), [low, high]);
        const again = await answer(() => drawn(2), [low, high]);
        if (one.some((value, i) => value !== again[i])) fail(where, "the same input gives other outputs.");
      },
    },
    {
      name: "no tensor is left behind, and none is taken away",
      run: () =>
        lend((params) => {
          const [x, noise, condition] = [drawn(2), tf.tensor1d([low, high]), conditionOf(2)];
          const before = tf.memory().numTensors;
          tf.tidy(() => void denoiser.apply(params, x, noise, condition, INFERENCE));
          const left = tf.memory().numTensors - before;
          tf.dispose([x, noise, { ...condition }]);
          if (left !== 0) fail(where, `apply leaves ${left} tensors more than there were.`);
        }),
    },
    {
      name: "samples it cannot take are refused, with the lengths that fit",
      run: () =>
        lend((params) => {
          refused(params, [1, ...lengths, channels + 1], []);
          refused(params, [1, ...lengths, multiple, channels], []);
          const fits = denoiser.size ? [] : [`${multiple}`, `${2 * multiple}`];
          for (const other of unfit(denoiser, lengths)) refused(params, [1, ...other, channels], fits);
        }),
    },
  ];
  if (denoiser.context) {
    const run = (condition: () => Condition) => answer(() => drawn(1), [low], condition);
    checks.push(...contextChecks(denoiser.context, { condition: () => conditionOf(1), run }));
  }
  if (classes !== undefined) {
    checks.push({
      name: "labels change the output, and no label means the class none",
      async run() {
        const unlabelled = (): Condition => {
          const { labels: _, ...rest } = conditionOf(1);
          return rest;
        };
        const label = (value: number) => (): Condition => ({
          ...unlabelled(),
          labels: tf.tensor1d([value], "int32"),
        });
        const first = await answer(() => drawn(1), [low], label(0));
        const none = await answer(() => drawn(1), [low], label(classes));
        const absent = await answer(() => drawn(1), [low], unlabelled);
        if (distance(first, none) < 1e-4) fail(where, "label 0 and no label give the same output.");
        if (distance(absent, none) > 1e-6) fail(where, `no labels and label ${classes} differ.`);
      },
    });
  }
  return checks;

  function first(seed: number): Promise<readonly Float32Array[]> {
    return firstValues(where, denoiser, seed);
  }

  function refused(params: Params, given: readonly number[], named: readonly string[]): void {
    try {
      tf.tidy(
        () =>
          void denoiser.apply(params, tf.zeros([...given]), tf.tensor1d([low]), conditionOf(1), INFERENCE),
      );
    } catch (error) {
      if (!isDdpmError(error)) throw error;
      const silent = named.find((size) => !error.message.includes(size));
      if (silent) fail(where, `the refusal of [${given}] does not name ${silent}: "${error.message}"`);
      return;
    }
    fail(where, `samples of [${given}] are not refused.`);
  }
}

/** Labels in turn, and drawn numbers for what else the network needs. */
function drawnCondition(denoiser: Denoiser, images: number): Condition {
  const { classes, context } = denoiser;
  const stream = random(7);
  return {
    ...(classes === undefined
      ? {}
      : {
          labels: tf.tensor1d(
            Array.from({ length: images }, (_, i) => i % classes),
            "int32",
          ),
        }),
    ...(context
      ? { context: tf.tensor3d(stream.normals(images * TOKENS * context), [images, TOKENS, context]) }
      : {}),
  };
}

/** Lengths that a denoiser must refuse, one axis of them at a time. */
function unfit({ size, multiple }: Denoiser, lengths: readonly number[]): number[][] {
  if (!size && multiple === 1) return [];
  return lengths.map((_, axis) =>
    lengths.map((own, i) => {
      if (size) return i === axis ? own + multiple : own;
      return i === axis ? multiple + 1 : 2 * multiple;
    }),
  );
}

/** The condition of one sample of a batch. */
function only(condition: Condition, i: number): Condition {
  return Object.fromEntries(
    Object.entries(condition).map(([key, value]) => [key, tf.slice(value as tf.Tensor, i, 1)]),
  );
}
