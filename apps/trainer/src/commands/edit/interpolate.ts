import { join } from "node:path";
import { fail, type Images, random } from "@ddpm/core";
import { initialNoise, slerp } from "@ddpm/diffusion";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { gif } from "@ddpm/viz/images";
import * as tf from "@tensorflow/tfjs";
import { Command, Option } from "commander";
import { hashOfValues } from "../../drawing/hashes.ts";
import { openModel } from "../../drawing/open-model.ts";
import { gridOf, shown } from "../../drawing/pictures.ts";
import { sourceImages } from "../../drawing/source-images.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { MOST_STAGES, wholeNumber } from "../numbers.ts";
import { type EditFlags, finish, openFolder, withEditOptions } from "./common.ts";
import { checkDeterministic, decoded, encoded } from "./encode.ts";

interface InterpolateFlags extends EditFlags {
  readonly stages: number;
  readonly gif?: boolean;
}

const EXAMPLES = `
Examples:
  ddpm interpolate runs/fashion --count 4 --stages 9
  ddpm interpolate runs/fashion photos --count 3 --steps 100 --gif`;

/** `ddpm interpolate`: the way from one picture to the next. */
export function interpolateCommand(): Command {
  const command = new Command("interpolate")
    .description("interpolate between pictures in noise space")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("[images]", "a folder of pictures, or a data set (default: pictures drawn from the seed)")
    .option("--sampler <name>", "a deterministic one: ddim, dpm-2 (twice the calls, loses less) …", "ddim")
    .addOption(
      new Option("--stages <n>", "pictures of each interpolation, both ends included")
        .default(9)
        .argParser(wholeNumber(2, MOST_STAGES)),
    )
    .option("--gif", "also an animation");
  return withEditOptions(command, { out: "interpolated", steps: "steps between noise and pictures" })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string | undefined, _flags, own: Command) => {
      await runInterpolate(run, source, own.optsWithGlobals<InterpolateFlags>());
    });
}

/** Milliseconds that a picture of the film stands. */
const DELAY = 80;

async function runInterpolate(
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
      shape: [count + 1, ...shape] as Images["shape"],
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
