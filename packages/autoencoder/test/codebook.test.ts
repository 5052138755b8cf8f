import { disposeParams, type Params, random } from "@ddpm/core";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { nearestRows, rowsAt } from "../src/authoring.ts";
import { commitmentLoss, straightThrough, vqAutoencoder } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const table = tf.tensor2d([
  [0, 0],
  [1, 0],
  [0, 2],
]);
const latents = tf.tensor4d([0.4, 0.1, 0.7, 0.2, -1, 1.1, 0.5, 0], [1, 2, 2, 2]);

test("each latent gets its nearest row, the first of two at the same distance", () => {
  const indices = nearestRows(latents, table);
  expect(indices.shape).toEqual([1, 2, 2]);
  expect([...indices.dataSync()]).toEqual([0, 1, 2, 0]);
  expect([...rowsAt(table, indices).dataSync()]).toEqual([0, 0, 1, 0, 0, 2, 0, 0]);
});

test("rows receive the sum of the gradients of the latents that chose them", async () => {
  const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  const gradient = tf.grad((rows) =>
    tf.sum(tf.mul(rowsAt(rows as tf.Tensor2D, nearestRows(latents, table)), weights)),
  )(table);
  await expectClose(gradient, [8, 10, 3, 4, 5, 6]);
});

test("straight-through: codes forward, their gradient to the latents, none to the codes", async () => {
  const codes = rowsAt(table, nearestRows(latents, table));
  await expectClose(straightThrough(latents, codes), codes);
  const [ofLatents, ofCodes] = tf.grads((z, q) =>
    tf.sum(tf.square(straightThrough(z as tf.Tensor4D, q as tf.Tensor4D))),
  )([latents, codes]);
  await expectClose(ofLatents!, tf.mul(2, codes));
  await expectClose(ofCodes!, tf.zerosLike(codes));
});

test("the commitment loss pulls latents and codes with weights 1 and beta, the other way without `legacy`", async () => {
  const [z, q] = [tf.fill([1, 1, 1, 2], 3), tf.fill([1, 1, 1, 2], 1)] as [tf.Tensor4D, tf.Tensor4D];
  for (const [legacy, ofZ, ofQ] of [
    [true, 1, 0.25],
    [false, 0.25, 1],
  ] as const) {
    const { value, grads } = tf.valueAndGrads((a, b) =>
      commitmentLoss(a as tf.Tensor4D, b as tf.Tensor4D, { beta: 0.25, legacy }),
    )([z, q]);
    await expectClose(value, [4 * 1.25]);
    await expectClose(grads[0]!, [2 * ofZ, 2 * ofZ]);
    await expectClose(grads[1]!, [-2 * ofQ, -2 * ofQ]);
  }
});

test("decoding latents, their codes, and the rows of their indices gives the same images", async () => {
  const { init, codebook, decode } = vqAutoencoder({
    ...{ numVqEmbeddings: 8, latentChannels: 2, vqEmbedDim: 3, blockOutChannels: [4], normNumGroups: 2 },
  });
  const params = init(random(1));
  const z = tf.tensor4d(random(2).normals(24), [2, 2, 2, 3]);
  const { codes, indices } = codebook!.quantise(params, z);
  const images = decode(params, z);
  await expectClose(codebook!.lookup(params, indices), codes);
  await expectClose(codebook!.decode(params, codes), images, { absolute: 1e-5 });
  const free = codebook!.decode(params, z);
  expect(tf.max(tf.abs(tf.sub(free, images))).dataSync()[0]).toBeGreaterThan(1e-3);
  disposeParams(params);
});

test("with a decay, a row moves to the mean of the latents that chose it, and one that none chose stays", async () => {
  const decay = 0.9;
  const { init, codebook, specs } = vqAutoencoder({
    ...{
      numVqEmbeddings: 3,
      latentChannels: 2,
      blockOutChannels: [4],
      normNumGroups: 2,
      codebookDecay: decay,
    },
  });
  expect(specs.filter(({ name, trainable }) => name.startsWith("codebook.") && !trainable).length).toBe(2);
  const first = init(random(1));
  const rows = tf.tensor2d([0, 0, 4, 4, -9, 9], [3, 2]);
  let params: Params = { ...first, "codebook.table": rows };
  const z = tf.tensor4d([1, 0, 0, 1, 5, 5, 3, 5], [1, 2, 2, 2]);
  const step = (): void => {
    const next: Record<string, tf.Tensor> = {};
    const update = (name: string, value: tf.Tensor): void => {
      next[name] = tf.keep(value.clone());
    };
    tf.dispose({ ...codebook!.quantise(params, z, { training: true, update }) });
    params = { ...params, ...next };
  };
  step();
  // Two latents each: count 0.9 + 0.1 · 2, row (0.9 row + 0.1 sum) / count.
  const [a, b] = [0.1 / 1.1, (0.9 * 4 + 0.1 * 8) / 1.1];
  await expectClose(params["codebook.counts"]!, [1.1, 1.1, 0.9]);
  await expectClose(params["codebook.table"]!, [a, a, b, (0.9 * 4 + 0.1 * 10) / 1.1, -9, 9], {
    relative: 2e-5,
    absolute: 2e-5,
  });
  for (let i = 0; i < 400; i++) step();
  await expectClose(params["codebook.table"]!, [0.5, 0.5, 4, 5, -9, 9], { absolute: 1e-4 });
  const { indices } = codebook!.quantise(params, z, {
    training: false,
    update: () => expect.fail("no training"),
  });
  expect([...indices.dataSync()]).toEqual([0, 0, 1, 1]);
  disposeParams(first);
});
