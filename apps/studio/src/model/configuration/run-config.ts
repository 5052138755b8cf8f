import { type RunConfig, runSchema } from "@ddpm/runs";
import type { AnySpec } from "@ddpm/runs/authoring";

/** Side of images in pixels, and the share of training that matters, set by the visitor. */
export interface TrainForm {
  readonly name: string;
  /** Where its images come from, for the description in the configuration. */
  readonly origin?: string;
  /** Whether images of files are mirrored; the `ddpm` command might take the same files by another name. */
  readonly flip?: boolean;
  readonly size: number;
  readonly width: number;
  readonly levels: number;
  readonly blocks: number;
  readonly attention: boolean;
  readonly classes: number;
  /** Of the images: 3, or 1 for grey. */
  readonly channels: number;
  readonly schedule: AnySpec;
  readonly parameterization: string;
  readonly batch: number;
  readonly rate: number;
  readonly images: number;
  readonly seed: number;
}

/** The network of a form: widths double once, as in the quickstart preset. */
function networkOf({ width, levels, blocks, attention, classes, channels }: TrainForm): AnySpec {
  return {
    name: "ho",
    width,
    multipliers: Array.from({ length: levels }, (_, level) => (level === 0 ? 1 : 2)),
    blocks,
    attention: attention ? [levels - 1] : [],
    dropout: 0,
    channels,
    ...(classes > 0 ? { classes } : {}),
  };
}

/** The run that a form describes, in the terms of the `ddpm` command. */
export function configOf(form: TrainForm): RunConfig {
  const every = Math.max(form.batch, Math.round(form.images / 12));
  return runSchema.parse({
    name: form.name,
    about: form.origin ? `trained in a browser on ${form.origin}` : "trained in a browser",
    seed: form.seed,
    data: {
      source: form.name,
      size: form.size,
      range: "symmetric",
      ...(form.flip === undefined ? {} : { flip: form.flip }),
    },
    denoiser: networkOf(form),
    schedule: form.schedule,
    parameterization: form.parameterization,
    train: {
      images: form.images,
      batch: form.batch,
      learningRate: { name: "constant", rate: form.rate },
      labelDropout: form.classes > 0 ? 0.1 : 0,
    },
    every: { log: 4 * form.batch, samples: every, checkpoint: every },
  });
}
