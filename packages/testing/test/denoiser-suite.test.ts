import "@tensorflow/tfjs";
import { type Denoiser, expectShape, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { denoiserSuite } from "../src/index.ts";

const specs = [
  { name: "mix", shape: [2, 2], trainable: true },
  { name: "table", shape: [4, 2], trainable: true },
];

/** y = x · mix + noise / 700 + the label's row; as small as a denoiser can be. */
const honestOver = (axes: number): Denoiser => ({
  name: "tiny",
  specs,
  channels: 2,
  axes,
  multiple: 1,
  classes: 3,
  init: (random) =>
    Object.fromEntries(
      specs.map(({ name, shape }) => [name, tf.tensor(random.fork(name).normals(shape[0]! * 2), shape)]),
    ),
  apply(params, x, noise, { labels }) {
    expectShape("test/tiny", "x", x.shape, [-1, ...new Array<number>(axes).fill(-1), 2]);
    const batch = x.shape[0]!;
    const rows = tf.oneHot(labels ?? tf.fill([batch], 3, "int32"), 4, 1, 0, "float32") as tf.Tensor2D;
    const shift: tf.Tensor2D = tf.add(
      tf.matMul(rows, params.table as tf.Tensor2D),
      tf.reshape(tf.div(noise, 700), [batch, 1]),
    );
    const mixed = tf.reshape(tf.matMul(tf.reshape(x, [-1, 2]), params.mix!), [batch, -1, 2]);
    return tf.reshape(tf.add(mixed, tf.reshape(shift, [batch, 1, 2])), x.shape);
  },
});

const honest = honestOver(2);

/** The names of the checks that a denoiser fails. */
async function failures(denoiser: Denoiser, dead: readonly string[] = []): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of denoiserSuite(() => denoiser, { dead })) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

const changed = (apply: (y: tf.Tensor, params: Params, x: tf.Tensor) => tf.Tensor): Denoiser => ({
  ...honest,
  apply: (params, x, noise, condition, mode) =>
    apply(honest.apply(params, x, noise, condition, mode), params, x),
});

describe.each([1, 2, 3])("an honest denoiser of samples with %i axes", (axes) => {
  for (const { name, run } of denoiserSuite(() => honestOver(axes))) test(name, run);
});

describe("the suite notices", () => {
  test("images that see each other", async () => {
    const denoiser = changed((y) => tf.add(y, tf.mean(y, 0, true)));
    expect(await failures(denoiser)).toEqual(["samples of a batch do not see each other"]);
  });

  test("a tensor that is kept", async () => {
    const denoiser = changed((y) => {
      tf.keep(tf.scalar(1));
      return y;
    });
    expect(await failures(denoiser)).toEqual(["no tensor is left behind, and none is taken away"]);
  });

  test("an input that is disposed", async () => {
    const denoiser = changed((y, _params, x) => {
      x.dispose();
      return y;
    });
    expect(await failures(denoiser)).toContain("no tensor is left behind, and none is taken away");
  });

  test("noise in inference", async () => {
    let calls = 0;
    const denoiser = changed((y) => tf.add(y, ++calls));
    expect(await failures(denoiser)).toContain("inference is deterministic");
  });

  test("a parameter without effect, and one wrongly documented as such", async () => {
    const learned = "every trainable parameter is learned, apart from those documented as dead";
    const idle = { name: "idle", shape: [2, 2], trainable: true };
    const init: Denoiser["init"] = (random) => ({ ...honest.init(random), idle: tf.ones([2, 2]) });
    const denoiser = { ...changed((y, params) => tf.add(y, tf.mul(0, tf.sum(params.idle!)))), init };
    expect(await failures({ ...denoiser, specs: [...specs, idle] })).toEqual([learned]);
    expect(await failures({ ...denoiser, specs: [...specs, idle] }, ["idle"])).toEqual([]);
    expect(await failures(honest, ["mix"])).toEqual([learned]);
  });

  test("deafness to noise and to labels", async () => {
    const deaf: Denoiser = {
      ...honest,
      apply: (params, x, noise, _condition, mode) => honest.apply(params, x, tf.zerosLike(noise), {}, mode),
    };
    const failed = await failures(deaf);
    expect(failed).toContain("two noise levels give different outputs");
    expect(failed).toContain("labels change the output, and no label means the class none");
  });

  test("sizes that are taken although they do not fit", async () => {
    const refusal = "samples it cannot take are refused, with the lengths that fit";
    expect(await failures({ ...honest, multiple: 4 })).toEqual([refusal]);
  });

  test("a wrong output shape, names that repeat, an init that ignores its seed", async () => {
    const doubled = changed((y) => tf.concat([y, y], -1));
    expect(await failures(doubled)).toContain("the output has the shape of the samples");
    const [first] = await failures({ ...honest, specs: [...specs, specs[0]!] });
    expect(first).toBe("parameters have names of their own, the same in every making");
    const fixed = { ...honest, init: () => ({ mix: tf.ones([2, 2]), table: tf.ones([4, 2]) }) };
    expect(await failures(fixed)).toContain(
      "init makes one finite tensor per parameter, the same for the same seed",
    );
  });
});
