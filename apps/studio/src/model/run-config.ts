import type { Spec } from "@ddpm/core";
import { z } from "zod";

const spec = z.union([z.string().min(1), z.looseObject({ name: z.string().min(1) })]);

/**
 * What `config.json` of a run folder holds, as far as this page uses it. Everything else in it is kept, so that the
 * `ddpm` command finds its own run again.
 */
export const runConfigSchema = z.looseObject({
  name: z.string(),
  seed: z.int().min(0).default(0),
  data: z.looseObject({
    source: z.string(),
    size: z.union([z.int(), z.tuple([z.int(), z.int()])]).optional(),
    range: z.string().optional(),
  }),
  denoiser: spec,
  schedule: spec,
  parameterization: spec.default("eps"),
  loss: spec.default("l2"),
  weight: spec.default("simple"),
  times: spec.default("uniform"),
  train: z.looseObject({
    images: z.int().min(1),
    batch: z.int().min(1),
    optimizer: spec.default("adam"),
    learningRate: spec.default({ name: "constant", rate: 2e-4 }),
    clip: z.union([z.number().positive(), spec]).nullable().default(1),
    ema: spec.nullable().default("warmup"),
    labelDropout: z.number().min(0).max(1).default(0),
    accumulate: z.int().min(1).default(1),
    recompute: z.string().default("none"),
    selfCondition: z.number().min(0).max(1).optional(),
  }),
  every: z.looseObject({
    log: z.int().min(1),
    samples: z.int().min(1),
    checkpoint: z.int().min(1),
  }),
});

/** A run, fully said. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** A plugin and its options as JSON. */
export type PluginSpec = z.output<typeof spec>;

/** The same to a registry. */
export const toSpec = (value: PluginSpec): Spec => value as Spec;

/** Side of images in pixels, and the share of training that matters, set by the visitor. */
export interface TrainForm {
  readonly name: string;
  /** Where its images come from, said in the configuration. */
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
  readonly schedule: PluginSpec;
  readonly parameterization: string;
  readonly batch: number;
  readonly rate: number;
  readonly images: number;
  readonly seed: number;
}

/** The network of a form: widths double once, as in the quickstart preset. */
export function networkOf({ width, levels, blocks, attention, classes, channels }: TrainForm): PluginSpec {
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
  return {
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
    loss: "l2",
    weight: "simple",
    times: "uniform",
    train: {
      images: form.images,
      batch: form.batch,
      optimizer: "adam",
      learningRate: { name: "constant", rate: form.rate },
      clip: 1,
      ema: "warmup",
      labelDropout: form.classes > 0 ? 0.1 : 0,
      accumulate: 1,
      recompute: "none",
    },
    every: { log: 4 * form.batch, samples: every, checkpoint: every },
  };
}
