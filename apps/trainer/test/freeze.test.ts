import { type ImageStream, mapParams, type Params, random } from "@ddpm/core";
import { parseRun } from "@ddpm/runs";
import { initialState, type TrainState, trainingLoop } from "@ddpm/trainer";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { buildRun } from "../src/run/build.ts";
import { smallRun } from "./support/small-run.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const numbers = (params: Params): Record<string, number[]> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [...value.dataSync()]]));

/** Noise of the least size that halves. */
const images: ImageStream = {
  shape: [4, 4, 3],
  length: 8,
  fingerprint: "noise",
  read: async (first, count) => ({
    shape: [count, 4, 4, 3],
    data: Float32Array.from(random(first).normals(count * 48)),
  }),
};

/** Two updates of the small run with these settings: weights before and after, and the names of the moments. */
async function trained(
  changes: object,
): Promise<{ before: object; after: Record<string, number[]>; state: TrainState }> {
  const denoiser = { ...smallRun.denoiser, multipliers: [1, 2] };
  const train = { ...smallRun.train, ...changes };
  const config = parseRun({ ...smallRun, denoiser, train }, "test");
  const { ema, ...parts } = await buildRun(config);
  const initial = initialState({ ...parts, seed: 3, ema });
  // Blocks end in zeros at first: nothing would reach their other weights in the first step.
  const params = mapParams(initial.params, (value) => tf.add(value, 0.01));
  const before = numbers(params);
  const events = trainingLoop({
    ...parts,
    ...(ema ? { ema } : {}),
    state: {
      ...initial,
      params,
      ...(initial.ema ? { ema: mapParams(params, (value) => tf.clone(value)) } : {}),
    },
    images,
    batch: 2,
    accumulate: 2,
    recompute: config.train.recompute === "blocks",
    clip: 1,
    seed: 3,
    until: 4,
    logEvery: 4,
  });
  for await (const event of events) {
    if (event.type === "done") return { before, after: numbers(event.state.params), state: event.state };
  }
  throw new Error("a training ends with a done event");
}

test("frozen parameters keep their bits, in the average too, and have no moments; the others learn", async () => {
  const { before, after, state } = await trained({ freeze: ["down.*", "*.conv1.bias"] });
  const frozen = Object.keys(after).filter((name) => /^down\.|\.conv1\.bias$/.test(name));
  expect(frozen.length).toBeGreaterThan(15);
  for (const [name, values] of Object.entries(after)) {
    const was = (before as Record<string, number[]>)[name]!;
    if (frozen.includes(name)) expect(values, name).toEqual(was);
    else expect(values, name).not.toEqual(was);
  }
  const average = numbers(state.ema!);
  for (const name of frozen) expect(average[name]).toEqual(after[name]);
  const moments = Object.keys(state.optimizer);
  expect(moments.filter((moment) => frozen.some((name) => moment.endsWith(name)))).toEqual([]);
  expect(moments.some((moment) => moment.endsWith("mid.res0.conv1.kernel"))).toBe(true);
});

test("training that works blocks out again ends with the same bits, dropout and accumulation included", async () => {
  const [plain, again] = [await trained({}), await trained({ recompute: "blocks" })];
  expect(again.after).toEqual(plain.after);
  expect(again.after).not.toEqual(again.before);
});

test("a pattern that no parameter has is refused", async () => {
  const config = parseRun({ ...smallRun, train: { ...smallRun.train, freeze: ["up.*", "donw.*"] } }, "test");
  await expect(buildRun(config)).rejects.toThrow(/no parameter of ho is called "donw\.\*"/);
});
