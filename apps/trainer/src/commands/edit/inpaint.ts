import type { Images } from "@ddpm/core";
import { repaint, repaintTimes } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs";
import { Command, Option } from "commander";
import { hashOfValues } from "../../drawing/hashes.ts";
import { greyOf } from "../../drawing/image-range.ts";
import { openModel } from "../../drawing/open-model.ts";
import { maskWords, paintMask } from "../../drawing/paint-mask.ts";
import { clipping, shown } from "../../drawing/pictures.ts";
import { slice, sourceImages } from "../../drawing/source-images.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { wholeNumber } from "../numbers.ts";
import { drawAll, type EditFlags, finish, openFolder, withEditOptions } from "./common.ts";

interface InpaintFlags extends EditFlags {
  readonly mask: string;
  readonly jump: number;
  readonly repeats: number;
}

const EXAMPLES = `
Examples:
  ddpm inpaint runs/fashion photos --mask bottom --count 8
  ddpm inpaint runs/fashion photo.png --mask mask.png --repeats 10 --jump 10`;

/** Most repeats, and most steps, of a stretch. */
const MOST_REPEATS = 1000;

/** `ddpm inpaint`: the rest of pictures, with any network. */
export function inpaintCommand(): Command {
  const command = new Command("inpaint")
    .description("redraw a part of given images to match the rest (RePaint)")
    .argument("<run>", "folder that `ddpm train` wrote")
    .argument("<images>", "a picture, a folder of them, or a data set")
    .requiredOption(
      "--mask <picture|part>",
      `white where to paint, black or transparent where to keep; or a part: ${maskWords.join(", ")}`,
    )
    .addOption(
      new Option(
        "--repeats <r>",
        "times that each stretch of steps is repeated, so that the parts fit together",
      )
        .default(5)
        .argParser(wholeNumber(1, MOST_REPEATS)),
    )
    .addOption(
      new Option("--jump <j>", "steps of a stretch that is repeated")
        .default(5)
        .argParser(wholeNumber(1, MOST_REPEATS)),
    );
  return withEditOptions(command, {
    out: "inpainted",
    steps: "steps from noise to pictures, repeats not counted",
  })
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, source: string, _flags, own: Command) => {
      await runInpaint(run, source, own.optsWithGlobals<InpaintFlags>());
    });
}

async function runInpaint(run: string, source: string, flags: InpaintFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const { count, skip, jump, repeats } = flags;
  const model = await asUsage(() => openModel("inpaint", run, flags, reporter));
  const { config, shape, parts } = model;
  const { range } = config.data;
  const { images, paint } = await asUsage(async () => {
    const own = { data: config.data, shape };
    const { images, pictures } = await sourceImages(source, { ...own, count, skip, say: reporter.say });
    return { images, paint: await paintMask(flags.mask, own, pictures) };
  });
  const keep = paint.map((value) => 1 - value);
  const times = repaintTimes(model.times, jump, repeats);
  const drawn = hashOfValues(images.data, paint);
  const out = await openFolder(model, flags, "inpainted", { jump, repeats, images: drawn });
  const started = performance.now();
  const lent: tf.Tensor[] = [];
  const made = await drawAll(reporter, images.shape[0], times.length - 1, (first, own) => {
    const batch = slice(images, first, own);
    const image = tf.tensor4d(batch.data, [...batch.shape]);
    const mask = tf.tensor4d(keep, [1, shape[0], shape[1], 1]);
    lent.push(image, mask);
    const clip = clipping(config);
    const sampler = repaint({ image, mask });
    return { ...model.drawing(first, own), ...clip, parts: { ...parts, sampler }, trajectory: { times } };
  });
  tf.dispose(lent);
  model.close();
  const pictures = shown(made, range);
  const tiles = [
    ...shown(images, range),
    ...shown(greyed(images, paint, greyOf(config.data)), range),
    ...pictures,
  ];
  const facts = { steps: times.length - 1 };
  await finish(reporter, model, out, { pictures, tiles, columns: pictures.length, started, facts });
}

/** The images with grey where they are painted. */
function greyed({ data, shape }: Images, paint: Float32Array, grey: number): Images {
  const channels = shape[3];
  const painted = (i: number): boolean => paint[Math.floor(i / channels) % paint.length] === 1;
  return { data: data.map((value, i) => (painted(i) ? grey : value)), shape };
}
