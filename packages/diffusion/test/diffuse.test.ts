import "@tensorflow/tfjs";
import { momentAt, random } from "@ddpm/core";
import { cosine } from "@ddpm/schedules";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { levelColumns } from "../src/authoring.ts";
import { diffuse } from "../src/index.ts";

test("every image gets its own level", async () => {
  const schedule = cosine({ steps: 10 });
  const moments = [0.1, 0.5, 1].map((t) => momentAt(schedule, t));
  const { alpha, sigma } = levelColumns(moments);
  const shape: [number, number, number, number] = [3, 2, 2, 1];
  const [x0, eps] = [random(1).normals(12), random(2).normals(12)];
  const x = diffuse(tf.tensor4d(x0, shape), tf.tensor4d(eps, shape), tf.tensor1d(alpha), tf.tensor1d(sigma));
  const expected = Array.from(x0, (value, i) => {
    const at = moments[Math.floor(i / 4)]!;
    return at.alpha * value + at.sigma * eps[i]!;
  });
  await expectClose(x, expected);
});

test("shapes that do not fit are refused", () => {
  const x0 = tf.zeros([2, 2, 2, 1]) as tf.Tensor4D;
  expect(() => diffuse(x0, tf.zeros([1, 2, 2, 1]), tf.ones([2]), tf.ones([2]))).toThrow(
    "eps has shape [1, 2, 2, 1]",
  );
  expect(() => diffuse(x0, x0, tf.ones([1]), tf.ones([2]))).toThrow("column has shape [1]");
});
