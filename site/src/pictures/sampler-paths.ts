import { type Denoise, type NoiseSchedule, random } from "@ddpm/core";
import { samplers, samplingLoop } from "@ddpm/diffusion";
import { cosine, trailing } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { choice, controls, slider } from "./controls.ts";
import { plane } from "./plane.ts";

type Path = (readonly [x: number, y: number])[];

const POINTS = 96;
/** Standard deviation of each cluster. */
const DEVIATION = 0.06;
const CENTRES = Array.from({ length: 8 }, (_, k): [number, number] => [
  1.2 * Math.cos((k * Math.PI) / 4),
  1.2 * Math.sin((k * Math.PI) / 4),
]);

/** Paths of points from noise to eight clusters, for which the mean of x_0 given x_t is known. */
export async function mount(parent: HTMLElement): Promise<void> {
  const row = controls(parent);
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  const schedule = cosine();
  const denoise = clusters();
  let wanted = 0;
  const redraw = async (): Promise<void> => {
    const mine = ++wanted;
    const paths = await sampled(name(), steps(), schedule, denoise);
    if (mine !== wanted) return;
    view.draw((pen) => {
      for (const path of paths) pen.path(path, 0);
      for (const path of paths) pen.dot(...path.at(-1)!, 1);
    });
  };
  const name = choice(row, "sampler", ["ddim", "heun", "dpmpp-2m", "unipc", "ddpm"], () => void redraw());
  const steps = slider(row, "steps", { min: 2, max: 50, step: 1, value: 12 }, () => void redraw());
  const view = plane(parent, 3, "paths of points from noise to eight clusters");
  await redraw();
}

/** E[x_0 | x_t] of a mixture of eight Gaussians, exactly. */
function clusters(): Denoise {
  const centres = tf.tensor2d(CENTRES);
  return (x, { alpha, sigma }) => ({
    x0: tf.tidy(() => {
      const flat = tf.reshape(x, [-1, 1, 2]);
      const variance = (alpha * DEVIATION) ** 2 + sigma ** 2;
      const off = tf.sub(flat, tf.mul(centres, alpha));
      const weights = tf.softmax(tf.div(tf.sum(tf.square(off), -1), -2 * variance));
      const means = tf.add(centres, tf.mul(off, (alpha * DEVIATION ** 2) / variance));
      return tf.reshape(tf.sum(tf.mul(means, tf.expandDims(weights, -1)), 1), x.shape);
    }),
  });
}

async function sampled(
  name: string,
  steps: number,
  schedule: NoiseSchedule,
  denoise: Denoise,
): Promise<Path[]> {
  const start = tf.tensor4d(random(1).normals(2 * POINTS), [POINTS, 1, 1, 2]);
  const paths = Array.from({ length: POINTS }, (): Path => []);
  const record = (x: tf.Tensor): void => {
    const values = x.dataSync();
    for (const [k, path] of paths.entries()) path.push([values[2 * k]!, values[2 * k + 1]!]);
  };
  record(start);
  const loop = samplingLoop({
    ...{ denoise, schedule, start },
    sampler: samplers.create(name),
    times: trailing().times(steps, schedule),
    shape: [POINTS, 1, 1, 2],
    random: random(2),
  });
  for await (const { x, done } of loop) {
    record(x);
    if (done) x.dispose();
  }
  start.dispose();
  return paths;
}
