import { momentAt, random } from "@ddpm/core";
import { startFrom } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs";
import { Command, Option } from "commander";
import type { DrawOptions } from "../../drawing/draw.ts";
import { hashOfValues } from "../../drawing/hashes.ts";
import { type Model, openModel } from "../../drawing/open-model.ts";
import { clipping, shown } from "../../drawing/pictures.ts";
import { slice, sourceImages } from "../../drawing/source-images.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage, UsageError } from "../../output/usage.ts";
import { drawAll, type EditFlags, finish, openFolder, withEditOptions } from "./common.ts";

interface EditVerbFlags extends EditFlags {
  readonly strength: number;
}

const EXAMPLES = `
Examples:
  ddpm edit runs/fashion sketch.png --strength 0.6
  ddpm edit runs/fashion photos --count 8 --strength 0.4 --sampler dpmpp-2m`;

/** `ddpm edit`: images, noised part of the way and denoised again. */
export function editCommand(): Command {
  const command = new Command("edit")
    .description("draw pictures that keep the outlines of given ones (SDEdit, img2img)")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("<images>", "a picture, a folder of them, or a data set")
    .addOption(
      new Option("--strength <share>", "how far into noise: near 0 nothing changes, 1 forgets the images")
        .default(0.5)
        .argParser(Number),
    )
    .option("--sampler <name>", "`ddpm list samplers`; options after a colon, e.g. ddim:eta=1");
  return withEditOptions(command, {
    out: "edited",
    steps: "total steps, of which the --strength share is run",
  })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string, _flags, own: Command) => {
      await runEdit(run, source, own.optsWithGlobals<EditVerbFlags>());
    });
}

async function runEdit(run: string, source: string, flags: EditVerbFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const { strength, count, skip } = flags;
  if (!(strength > 0 && strength <= 1))
    throw new UsageError("--strength expects a number above 0, at most 1.");
  const model = await asUsage(() => openModel("edit", run, flags, reporter));
  const { config, shape, parts } = model;
  const { range } = config.data;
  const { images } = await asUsage(() =>
    sourceImages(source, { data: config.data, shape, count, skip, say: reporter.say }),
  );
  const times = lastShare(model, strength);
  const out = await openFolder(model, flags, "edited", { strength, images: hashOfValues(images.data) });
  const started = performance.now();
  const optionsOf = (first: number, own: number): DrawOptions => {
    const drawing = model.drawing(first, own);
    const batch = slice(images, first, own);
    const noised = tf.tidy(() => {
      const seeds = { random: random(flags.seed).fork("sample"), first, shape: batch.shape };
      const at = momentAt(parts.schedule, times[0]!);
      return startFrom(tf.tensor4d(batch.data, [...batch.shape]), at, seeds);
    });
    const start = { data: noised.dataSync() as Float32Array, shape: batch.shape };
    noised.dispose();
    const clip = clipping(config);
    return { ...drawing, ...clip, trajectory: { times, start } };
  };
  const made = await drawAll(reporter, images.shape[0], times.length - 1, optionsOf);
  model.close();
  const pictures = shown(made, range);
  const tiles = [...shown(images, range), ...pictures];
  const facts = { steps: times.length - 1, t: times[0] };
  await finish(reporter, model, out, { pictures, tiles, columns: pictures.length, started, facts });
}

/** The end of a model's way: as many of its steps as `strength` says, at least one. */
function lastShare({ times }: Model, strength: number): Float64Array {
  const steps = Math.max(1, Math.round((times.length - 1) * strength));
  return times.slice(-steps - 1);
}
