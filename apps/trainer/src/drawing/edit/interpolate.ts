import { join } from "node:path";
import { fail, type Images, random } from "@ddpm/core";
import { initialNoise, slerp } from "@ddpm/diffusion";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { gif } from "@ddpm/viz/images";
import * as tf from "@tensorflow/tfjs-core";
import type { EditFlags } from "../../commands/edit/edit-options.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { hashOfValues } from "../hashes.ts";
import { openModel } from "../open-model.ts";
import { gridOf, shown } from "../pictures.ts";
import { sourceImages } from "../source-images.ts";
import { finish, openFolder } from "./draw-all.ts";
import { checkDeterministic, decoded, encoded } from "./encode.ts";

/** The options of `ddpm interpolate`. */
export interface InterpolateFlags extends EditFlags {
  readonly stages: number;
  readonly gif?: boolean;
}

/** Milliseconds that a picture of the film stands. */
const DELAY = 80;

/** Draws the pictures between pictures, or between seeds. */
export async function runInterpolate(
  run: string,
  source: string | undefined,
  flags: InterpolateFlags,
): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const { count, skip, seed, stages } = flags;
  const model = await asUsage(() => openModel("interpolate", run, flags, reporter));
  await asUsage(() => checkDeterministic("interpolate", model.parts.sampler));
  const { shape, config, parts } = model;
  const { range } = config.data;
  // As many ways as were asked for need one end more.
  const images = await asUsage(async () => {
    if (source === undefined) return undefined;
    const own = { data: config.data, shape, say: reporter.say };
    const { images } = await sourceImages(source, { ...own, count: count + 1, skip });
    if (images.shape[0] < 2)
      fail("cli/interpolate", `${source} has one image from number ${skip} on, expected at least two.`);
    return images;
  });
  const from = images ? { images: hashOfValues(images.data) } : { count, skip };
  const out = await openFolder(model, flags, "interpolated", { stages, ...from });
  const started = performance.now();
  const ends = images ? await encoded(model, images, reporter) : fresh();
  const between = waysBetween(ends, stages);
  const made = await decoded(model, between, reporter);
  model.close();
  const pictures = shown(made, range);
  await finish(reporter, model, out, { pictures, columns: stages, started, facts: { stages } });
  if (flags.gif) {
    const ways = pictures.length / stages;
    const frames = Array.from({ length: stages }, (_, stage) =>
      gridOf(Array.from({ length: ways }, (_, way) => pictures[way * stages + stage]!)),
    );
    const path = join(out, "interpolated.gif");
    await writeFileAtomic(path, gif([...frames, ...frames.slice(1, -1).reverse()], { delayMs: DELAY }));
    reporter.event({ event: "film", path }, path);
  }

  function fresh(): Images {
    const { alpha, sigma } = parts.schedule.at(model.times[0]!);
    const seeds = {
      random: random(seed).fork("sample"),
      first: skip,
      shape: [count + 1, ...model.drawing(0, 1).shape] as Images["shape"],
    };
    return hostOf(() => tf.mul(initialNoise(seeds), Math.hypot(alpha, sigma)));
  }
}

/** Noises on the way from each to the next, [(B − 1) · stages, H, W, C]. */
function waysBetween(ends: Images, stages: number): Images {
  const [count, ...image] = ends.shape;
  return hostOf(() => {
    const tensor = tf.tensor4d(ends.data, [...ends.shape]);
    const end = (i: number) => tf.slice(tensor, [i, 0, 0, 0], [1, ...image]) as tf.Tensor4D;
    const ways = Array.from({ length: count - 1 }, (_, i) =>
      Array.from({ length: stages }, (_, stage) => slerp(end(i), end(i + 1), stage / (stages - 1))),
    );
    return tf.concat(ways.flat(), 0) as tf.Tensor4D;
  });
}

/** A tensor's numbers, and nothing left of it. */
function hostOf(make: () => tf.Tensor): Images {
  const tensor = tf.tidy(make) as tf.Tensor4D;
  const images = { data: tensor.dataSync() as Float32Array, shape: tensor.shape };
  tensor.dispose();
  return images;
}
