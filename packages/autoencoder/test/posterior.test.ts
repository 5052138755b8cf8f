import { random } from "@ddpm/core";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { gaussianPosterior, klDivergence, negativeLogLikelihood, posteriorSample } from "../src/index.ts";

beforeAll(() => tf.setBackend("cpu"));

/** Every latent N(mean, deviation²). */
const same = (mean: number, deviation: number, shape: [number, number, number, number]) => ({
  mean: tf.fill(shape, mean) as tf.Tensor4D,
  logVariance: tf.fill(shape, 2 * Math.log(deviation)) as tf.Tensor4D,
});

test("the KL divergence of a standard normal posterior is 0, that of N(m, s²) is (m² + s² − 1)/2 − log s per latent", async () => {
  await expectClose(klDivergence(same(0, 1, [2, 3, 1, 2])), [0, 0]);
  const each = (2 ** 2 + 0.5 ** 2 - 1) / 2 - Math.log(0.5);
  await expectClose(klDivergence(same(2, 0.5, [2, 3, 1, 2])), [6 * each, 6 * each]);
});

test("the KL divergence of two posteriors is that of two normal distributions, and 0 for the same one", async () => {
  const [one, other] = [same(1, 2, [1, 1, 1, 3]), same(-1, 3, [1, 1, 1, 3])];
  const each = Math.log(3 / 2) + (4 + 4) / (2 * 9) - 0.5;
  await expectClose(klDivergence(one, other), [3 * each]);
  await expectClose(klDivergence(one, one), [0]);
  await expectClose(klDivergence(one, same(0, 1, [1, 1, 1, 3])), await klDivergence(one).data());
});

test("the mean negative log-likelihood of samples is the entropy", async () => {
  const shape: [number, number, number, number] = [1, 100, 100, 4];
  const posterior = same(-1, 0.3, shape);
  const noise = tf.tensor4d(random(1).normals(40_000), shape);
  const nll = negativeLogLikelihood(posterior, posteriorSample(posterior, noise));
  const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * 0.3 ** 2);
  expect(Math.abs(nll.dataSync()[0]! / 40_000 - entropy)).toBeLessThan(0.02);
});

test("samples have the posterior's gradient: 1 for the mean, half the deviation times the noise for the log-variance", async () => {
  const moments = tf.tensor4d([0.5, Math.log(4)], [1, 1, 1, 2]);
  const noise = tf.tensor4d([1.5], [1, 1, 1, 1]);
  const gradient = tf.grad((x) => posteriorSample(gaussianPosterior(x as tf.Tensor4D), noise))(moments);
  await expectClose(gradient, [1, 0.5 * 2 * 1.5]);
});

test("log-variances are clipped to [−30, 20], without a gradient beyond", async () => {
  const moments = tf.tensor4d([0, 0, 0, -50, 0, 50], [1, 1, 1, 6]);
  await expectClose(gaussianPosterior(moments).logVariance, [-30, 0, 20]);
  const gradient = tf.grad((x) => tf.sum(gaussianPosterior(x as tf.Tensor4D).logVariance))(moments);
  await expectClose(gradient, [0, 0, 0, 0, 1, 0]);
});

test("what does not fit is refused in words", () => {
  expect(() => gaussianPosterior(tf.zeros([1, 1, 1, 3]))).toThrow("moments of 3 channels");
  expect(() => posteriorSample(same(0, 1, [1, 2, 2, 1]), tf.zeros([1, 2, 2, 2]))).toThrow(
    "[autoencoder/posterior] noise has shape [1, 2, 2, 2], expected [1, 2, 2, 1].",
  );
});
