import "@tensorflow/tfjs";
import { disposeParams, INFERENCE, type Mode, random } from "@ddpm/core";
import { expectClose, expectNoLeak } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { pointnet } from "../src/index.ts";

const encoder = pointnet({ zdim: 3, widths: [4, 6], headWidths: [5] });
const cloud = (): tf.Tensor3D => tf.tensor3d(random(1).normals(2 * 5 * 3), [2, 5, 3]);

test("a code does not depend on the order of the points, nor on the other clouds of a batch", async () => {
  const params = encoder.init(random(2));
  const x = cloud();
  const { mean } = encoder.apply(params, x, INFERENCE);
  const { mean: reversed } = encoder.apply(params, tf.reverse(x, 1), INFERENCE);
  const { mean: alone } = encoder.apply(params, tf.slice(x, [1, 0, 0], [1, 5, 3]), INFERENCE);
  await expectClose(reversed, await mean.data<"float32">());
  await expectClose(alone, (await mean.data<"float32">()).slice(3));
  disposeParams(params);
});

test("training reports running statistics, and nothing is left behind", async () => {
  const params = encoder.init(random(2));
  const updated = new Set<string>();
  const mode: Mode = { training: true, update: (name) => void updated.add(name) };
  await expectNoLeak("unet/test", () => void tf.tidy(() => void encoder.apply(params, cloud(), mode)));
  const running = encoder.specs.filter(({ trainable }) => !trainable).map(({ name }) => name);
  expect([...updated].sort()).toEqual(running.sort());
  expect(() => encoder.apply(params, tf.zeros([1, 5, 2]), INFERENCE)).toThrow("expected [any, any, 3]");
  disposeParams(params);
});
