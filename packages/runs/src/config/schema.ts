import { heldOutMetrics } from "@ddpm/metrics/authoring";
import { checks } from "@ddpm/trainer";
import * as z from "zod";
import { places } from "./places.ts";
import type { AnySpec } from "./spec.ts";

/**
 * A plugin by name, with its options: `"cosine"` or `{ "name": "cosine", "steps": 600 }`; or one from your own
 * module: `{ "module": "./my-schedule.js", "steps": 600 }`.
 */
const spec = z
  .union([
    z.string().min(1),
    z.looseObject({ module: z.string().min(1), name: z.string().min(1).optional() }),
    z.looseObject({ name: z.string().min(1) }),
  ])
  .meta({ title: 'the name of a plugin, or an object of its "name" and options' });

/** What may name a run: it names its folder, too. */
const folderName = z
  .string()
  .regex(/^(?=.*\S)(?!\.{1,2}$)[^\\/\p{Cc}]{1,200}$/u)
  .meta({ title: "a name for a folder: up to 200 letters, no slashes" });

/** Every check there is, with its defaults. */
const allChecks = (): string[] => [...checks.names];

const data = z.looseObject({
  source: z.string().min(1).default("shapes").describe("a file or folder, or the name of an embedded set"),
  format: z.string().optional().describe("the format of `source`, where its name does not show it"),
  flip: z.boolean().optional().describe("mirror every other image; default: where that keeps the meaning"),
  range: z.enum(["symmetric", "unit"]).default("symmetric").describe("symmetric: [-1, 1]; unit: [0, 1]"),
});

const group = z.strictObject({
  match: z.array(z.string().min(1)).min(1).describe("names of parameters; * matches any characters"),
  optimizer: spec.optional().describe("default: that of the other parameters"),
  rate: z.number().min(0).default(1).describe("factor on the learning rate"),
});

const train = z.strictObject({
  images: z.int().min(1).default(48_000).describe("images seen after which training ends"),
  minutes: z.number().positive().optional().describe("minutes after which training ends"),
  batch: z.int().min(1).default(16).describe("images per update"),
  accumulate: z.int().min(1).default(1).describe("microbatches per batch"),
  optimizer: spec.default("adam"),
  learningRate: spec.default({ name: "constant", rate: 2e-4 }),
  clip: z
    .union([z.number().positive(), spec])
    .nullable()
    .default(1)
    .describe("gradient clipping; a number is the maximum of the global norm; null: none"),
  ema: spec.nullable().default("warmup").describe("averaging of the weights; null: none"),
  groups: z
    .array(group)
    .default([])
    .describe(
      "parameter groups with their own optimizer or learning rate; a name belongs to the first group that it matches",
    ),
  earlyStop: z
    .strictObject({
      patience: z.int().min(1).describe("evaluations without improvement before stopping"),
      minDelta: z.number().min(0).default(0).describe("minimum decrease that is an improvement"),
    })
    .nullable()
    .default(null)
    .describe("stop when the held-out loss no longer improves; null: never"),
  recoveries: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "how many times a run returns to a checkpoint and resumes with half the learning rate, where the loss is not a number or gradients explode",
    ),
  freeze: z
    .array(z.string())
    .default([])
    .describe("names of parameters that are not trained; * matches any characters"),
  recompute: z
    .enum(["none", "blocks"])
    .default("none")
    .describe("what the gradient recomputes to save memory (gradient checkpointing)"),
  labelDropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("probability of dropping a label or a caption, for classifier-free guidance"),
  selfCondition: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("probability of self-conditioning, where the network takes its own prediction; default: 0.5"),
});

const sample = z.strictObject({
  sampler: spec.default("ddim"),
  spacing: spec.default("trailing"),
  steps: z.int().min(1).default(50),
  count: z.int().min(1).max(10_000).default(64).describe("pictures in the grid at the end"),
  strip: z.int().min(1).max(256).default(4).describe("rows of the strip from fixed noise"),
  stages: z.int().min(2).default(9).describe("stages of the strip"),
  clip: z
    .union([z.boolean(), z.string().min(1), z.looseObject({ name: z.string().min(1) })])
    .default(true)
    .describe(
      "clip the predicted x0 to the range of the images at every step; or a wrapper by name, with its options",
    ),
});

const every = z.strictObject({
  log: z.int().min(1).optional().describe("images between log lines; default: those of 50 updates"),
  samples: z
    .int()
    .min(1)
    .optional()
    .describe("images between strips of samples; default: those of 1000 updates"),
  checkpoint: z
    .int()
    .min(1)
    .optional()
    .describe("images between checkpoints; default: those of 1000 updates"),
  keep: z.int().min(1).default(3).describe("checkpoints kept"),
  keepEvery: z.int().min(1).optional().describe("images between checkpoints that are never deleted"),
  heldOut: z.int().min(1).optional().describe("images between held-out losses; default: as samples"),
});

/** What reads the captions of the images. */
const text = z.strictObject({
  tokenizer: spec.describe("what turns captions into ids"),
  model: spec.default("transformer").describe("the text model, trained with the network"),
  maskPadding: z
    .boolean()
    .optional()
    .describe("hide padding from the networks, where it is an id of its own; default: true"),
});

/** An autoencoder, trained in place of a denoiser. */
const autoencoder = z.strictObject({
  network: spec.default(places["autoencoder.network"]!.standard!),
  loss: z.enum(["l1", "l2"]).default("l1").describe("distance of pixels"),
  klWeight: z
    .number()
    .min(0)
    .default(1e-6)
    .describe("weight of the divergence from the standard normal distribution, where latents have one"),
  beta: z.number().min(0).default(0.25).describe("of the commitment loss, where latents are quantised"),
});

const perChannel = z.union([z.number(), z.array(z.number()).min(1)]);

/** The latent space that a denoiser is trained in. */
const latent = z.strictObject({
  autoencoder: z
    .string()
    .min(1)
    .optional()
    .describe("the run of the autoencoder, or the folder of a published one"),
  network: spec.optional().describe("the autoencoder's network; default: as its folder has it"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe("SHA-256 of its weights, of which the run keeps a copy"),
  scale: perChannel
    .optional()
    .describe(
      "latents are multiplied by this after `shift` was subtracted; default: as measured on the images",
    ),
  shift: perChannel.optional().describe("see `scale`"),
  per: z
    .enum(["all", "channel"])
    .default("all")
    .describe("what is measured: one scale for all channels, or scale and shift of each"),
  sample: z
    .boolean()
    .default(true)
    .describe("each time an image is read, draw a latent of its distribution; false: take its mean"),
  cache: z.string().min(1).optional().describe("a folder for the encoded images; default: in the run"),
});

/** Held-out images, and how the loss on them is measured. */
const heldOut = z.strictObject({
  amount: z.number().positive().describe("below 1 a share of the images, otherwise their number"),
  pairs: z.int().min(1).default(512).describe("fixed pairs of image and noise"),
  buckets: z.int().min(1).default(8).describe("ranges of noise levels, each with the same number of pairs"),
  metric: spec
    .default(places["heldOut.metric"]!.standard!)
    .describe(
      `the metric of the best checkpoint and of early stopping: ${heldOutMetrics.names.join(", ")}; all but the first as \`ddpm eval\` measures them`,
    ),
  weights: z
    .enum(["ema", "model"])
    .optional()
    .describe("the weights that this metric is of; default: the averaged ones, where there are some"),
});

/** The weights that a run starts from: see `ddpm train --from`. */
const start = z.strictObject({
  run: z.string().min(1).describe("folder of the other run"),
  images: z.int().min(0).describe("images seen there"),
  weights: z.enum(["ema", "model"]).describe("averaged weights, or those without averaging"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of their file"),
});

const run = z.strictObject({
  name: folderName,
  about: z.string().default(""),
  seed: z.int().min(0).default(0),
  data: data.prefault({ source: "shapes", size: 16, count: 60_000 }),
  denoiser: spec.default(places.denoiser!.standard!),
  schedule: spec.default(places.schedule!.standard!),
  parameterization: spec.default("eps"),
  loss: spec.default("l2"),
  weight: spec.default("simple"),
  times: spec.default("uniform"),
  condition: spec.optional().describe("what makes the condition image"),
  text: text.optional().describe("what reads captions, for a network that takes a context"),
  autoencoder: autoencoder.optional().describe("train an autoencoder, instead of a denoiser"),
  latent: latent.optional().describe("train the denoiser on the latents of an autoencoder"),
  start: start.optional(),
  heldOut: heldOut.nullable().default(null).describe("held-out images; null: none"),
  loggers: z
    .array(z.enum(["csv", "tensorboard"]))
    .default([])
    .describe("logs in addition to log.jsonl"),
  checks: z.array(spec).default(allChecks).describe("problems to look for in the log"),
  train: train.prefault({}),
  sample: sample.prefault({}),
  every: every.prefault({}),
});

/** A complete run: what `config.json` of a run folder holds. */
export const runSchema: z.ZodType<RunConfig, unknown> = run.transform(
  ({ every: given, ...rest }): RunConfig => {
    const updates = (count: number): number => count * rest.train.batch;
    const { log = updates(50), samples = updates(1000), checkpoint = updates(1000) } = given;
    return { ...rest, every: { ...given, log, samples, checkpoint } };
  },
);

type SpecJson = AnySpec;

/** See {@link runSchema}. */
export interface RunConfig {
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  readonly data: z.output<typeof data>;
  readonly denoiser: SpecJson;
  readonly schedule: SpecJson;
  readonly parameterization: SpecJson;
  readonly loss: SpecJson;
  readonly weight: SpecJson;
  readonly times: SpecJson;
  readonly condition?: SpecJson | undefined;
  readonly text?: z.output<typeof text> | undefined;
  readonly autoencoder?: z.output<typeof autoencoder> | undefined;
  readonly latent?: z.output<typeof latent> | undefined;
  readonly start?: z.output<typeof start> | undefined;
  readonly heldOut: z.output<typeof heldOut> | null;
  readonly loggers: readonly ("csv" | "tensorboard")[];
  readonly checks: readonly SpecJson[];
  readonly train: z.output<typeof train>;
  readonly sample: z.output<typeof sample>;
  readonly every: z.output<typeof every> & Readonly<Record<"log" | "samples" | "checkpoint", number>>;
}

/** A run in a preset or a configuration file: everything with a default may be left out. */
export interface RunDescription {
  readonly name: string;
  readonly about?: string;
  readonly seed?: number;
  readonly data: z.input<typeof data>;
  readonly denoiser?: SpecJson;
  readonly schedule?: SpecJson;
  readonly parameterization?: SpecJson;
  readonly loss?: SpecJson;
  readonly weight?: SpecJson;
  readonly times?: SpecJson;
  readonly condition?: SpecJson;
  readonly text?: z.input<typeof text>;
  readonly autoencoder?: z.input<typeof autoencoder>;
  readonly latent?: z.input<typeof latent>;
  readonly heldOut?: z.input<typeof heldOut> | null;
  readonly loggers?: readonly ("csv" | "tensorboard")[];
  readonly checks?: readonly SpecJson[];
  readonly train: z.input<typeof train>;
  readonly sample?: z.input<typeof sample>;
  readonly every: z.input<typeof every>;
}
