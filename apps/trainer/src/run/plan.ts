import type { ChosenBackend } from "@ddpm/backends";
import type { Dataset, ImageStream } from "@ddpm/core";
import { formatBytes, formatCount, formatShare } from "@ddpm/core/authoring";
import { classesInWords, classesWithImages } from "@ddpm/data/authoring";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { isModuleSpec } from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import { denoisers, describe } from "@ddpm/unet";
import { classOption } from "@ddpm/unet/authoring";
import type { Reporter } from "../output/reporter.ts";
import type { RunFolder } from "./folder.ts";

/** What is about to be done, with what. */
export interface Plan {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly backend: ChosenBackend;
  readonly parts: RunParts;
  readonly images: Dataset;
  readonly stream: ImageStream;
  /** Images that training never sees. */
  readonly heldOut: number;
  /** What the run resumes from, if it does. */
  readonly resumed: TrainState | undefined;
}

/** Bytes of a number. */
const FLOAT = 4;

/** What is trained, in a line, before anything is opened. */
export function headline({ name, about }: RunConfig): string {
  return about ? `${name}: ${about}` : name;
}

/** Reports what a training will do. */
export function tellPlan(reporter: Reporter, plan: Plan): void {
  const { config, folder, backend, images, stream, heldOut, resumed } = plan;
  const { train } = config;
  const { parameters, memory } = costOf(plan);
  const from = resumed ? `, from ${formatCount(resumed.images)} on` : "";
  const kept = heldOut > 0 ? `, ${formatCount(heldOut)} more held out` : "";
  const only = config.data.classes === undefined ? undefined : classesWithImages(images);
  const classes = only ? `, only ${classesInWords(only)}` : "";
  const latents = config.latent ? `, as latents of ${stream.shape.join(" × ")},` : "";
  const epochs = formatShare(train.images / images.length);
  reporter.event(
    {
      event: "plan",
      run: folder.path,
      backend: backend.name,
      parameters,
      images: train.images,
      memoryBytes: memory,
      ...(only ? { classes: only } : {}),
    },
    [
      `  backend     ${backend.name} (${backend.detail}); ${backend.why}`,
      `  network     ${formatCount(parameters)} parameters; weights, moments and activations take about ${formatBytes(memory)}`,
      `  data        ${formatCount(images.length)} images of ${images.shape.join(" × ")}${latents} from ${config.data.source}${classes}${kept}${unused(plan)}`,
      `  training    ${formatCount(train.images)} images (${epochs} epochs), ${train.batch} at a time${from}`,
      `  run folder  ${folder.path}`,
    ].join("\n"),
  );
}

/** Labels that are there and that the network does not take. */
function unused({ config, images, parts }: Plan): string {
  const count = images.classes?.length ?? 0;
  if (count === 0 || parts.denoiser.classes !== undefined || parts.trained) return "";
  const known = isModuleSpec(config.denoiser) ? undefined : denoisers.get(parts.denoiser.name);
  const option = known && classOption(known);
  const how = option ? ` (--set denoiser.${option}=${count} uses them)` : "";
  return `; labels of ${count} classes, not used${how}`;
}

/** Parameters, and bytes that training needs at least: weights, gradients, moments, average, activations of a part. */
function costOf({ config, parts, stream }: Plan): { parameters: number; memory: number } {
  const { total } = describe(parts.denoiser, [stream.shape[0], stream.shape[1]]);
  const { train } = config;
  const copies = 4 + (parts.ema ? 1 : 0);
  const activations = total.trainingBytes * (train.batch / train.accumulate);
  return { parameters: total.parameters, memory: copies * FLOAT * total.parameters + activations };
}
