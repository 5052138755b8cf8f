import { useBackend } from "@ddpm/backends";
import type { StartedBackend } from "@ddpm/backends/authoring";
import { fail, type Params } from "@ddpm/core";
import { checkOutputs } from "@ddpm/core/authoring";
import { classesInWords, type NamedClass } from "@ddpm/data/authoring";
import { samplers } from "@ddpm/diffusion";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { classNamesIn, type ImageLatents, openLatents, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { loadNamedCheckpoint } from "@ddpm/runs/node/authoring";
import { spacings } from "@ddpm/schedules";
import { disposeState, type TrainState } from "@ddpm/trainer";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";
import type { Drawing } from "../output/drawing-folder.ts";
import type { Reporter } from "../output/reporter.ts";
import { buildRun } from "../run/build.ts";
import { reportYoungAverage } from "../run/young-average.ts";
import type { DrawOptions } from "./draw.ts";
import { hashOfWeights } from "./hashes.ts";
import { checkLabel, classesOf, turns } from "./labels.ts";
import { type PromptFlags, promptOf, textFacts } from "./prompt.ts";

/** Which model of a run, and how it is to draw: flags that the verbs on images share. */
export interface ModelFlags extends PromptFlags {
  readonly sampler?: string;
  readonly steps?: number;
  readonly spacing?: string;
  readonly seed: number;
  readonly label?: string;
  readonly raw?: boolean;
  readonly checkpoint: string;
  readonly backend: string;
  readonly threads?: number;
}

/** A trained network, ready to draw with. */
export interface Model {
  readonly config: RunConfig;
  readonly parts: RunParts;
  /** [H, W, C] of its images. */
  readonly shape: DrawOptions["shape"];
  /** What the network draws, where that is latents, and their shape is not `shape`. */
  readonly latents: ImageLatents | undefined;
  readonly backend: StartedBackend;
  /** Classes that samples cycle through. */
  readonly classes: readonly NamedClass[] | undefined;
  /** Names of the classes that its network takes, by label, where they are known. */
  readonly classNames: readonly string[] | undefined;
  /** From noise to images. */
  readonly times: Float64Array;
  /** Choices for samples `first … first + count − 1`. */
  drawing(first: number, count: number): DrawOptions;
  /** All that its drawings depend on, besides what the verb adds. */
  facts(): Promise<Drawing>;
  close(): void;
}

/**
 * Opens a run for a verb that works on images.
 *
 * @throws DdpmError for what does not fit: to be called within `asUsage`
 */
export async function openModel(
  verb: string,
  run: string,
  flags: ModelFlags,
  reporter: Reporter,
): Promise<Model> {
  const config = await readRunConfig(fsStorage(run));
  const built = await buildRun(config);
  checkDraws(verb, built);
  refuseConditioned(verb, built);
  const parts = {
    ...built,
    ...(flags.sampler ? { sampler: (await makerOf(samplers, pluginSpec(flags.sampler)))() } : {}),
    ...(flags.spacing ? { spacing: (await makerOf(spacings, pluginSpec(flags.spacing)))() } : {}),
  };
  const steps = flags.steps ?? config.sample.steps;
  const times = parts.spacing.times(steps, parts.schedule);
  const { label, guidance, seed } = flags;
  checkLabel(verb, label, guidance, parts.denoiser);
  const prompt = promptOf(verb, flags, parts.tokenizer);
  const backend = await useBackend(flags.backend, flags);
  const { state, meta, warnings } = await loadNamedCheckpoint(run, flags.checkpoint);
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  reportYoungAverage({ config, parts, state, raw: flags.raw }, reporter);
  const drawn = meta.shape as Model["shape"];
  const latents = await openLatents(fsStorage(run), config, parts, backend.compile);
  const shape = latents?.imageShape(drawn) ?? drawn;
  const classes =
    label === undefined ? undefined : classesOf(verb, label, { run, classes: parts.denoiser.classes!, meta });
  if (classes) reporter.say(`drawing ${classesInWords(classes)}`);
  const numbers = classes?.map(({ number }) => number);
  const drawing = (first: number, count: number): DrawOptions => ({
    ...{ parts, params: weightsOf(state, flags), shape: drawn, latents, steps, seed, first, count, backend },
    guidance,
    ...(prompt ? { prompt, rescale: flags.rescale ?? 0 } : {}),
    ...(numbers ? { label: turns(numbers, first, count) } : {}),
  });
  const facts = async (): Promise<Drawing> => ({
    weights: await hashOfWeights(weightsOf(state, flags)),
    ...{ ...settingsOf(config, { ...flags, steps, classes }), ...textFacts(flags) },
    backend: backend.name,
  });
  const classNames = classNamesIn(meta);
  return {
    config,
    parts,
    shape,
    latents,
    backend,
    classes,
    classNames,
    times,
    drawing,
    facts,
    close() {
      disposeState(state);
      latents?.dispose();
    },
  };
}

/**
 * Refuses a network that draws nothing from noise: an autoencoder, or one of other outputs.
 *
 * @throws DdpmError
 */
export function checkDraws(verb: string, { trained, denoiser }: RunParts): void {
  if (trained) {
    fail(
      `cli/${verb}`,
      "the run is that of an autoencoder, which makes images of images.",
      "Train a denoiser on its latents: `ddpm train latent --autoencoder RUN`.",
    );
  }
  checkOutputs(`cli/${verb}`, denoiser);
}

function refuseConditioned(verb: string, { condition }: RunParts): void {
  if (!condition) return;
  fail(
    `cli/${verb}`,
    `the network is conditioned on an image (${condition.name}).`,
    "`ddpm sample` has --condition.",
  );
}

/** The settings of a drawing that flags and the run say. */
export function settingsOf(
  { sample, schedule }: RunConfig,
  {
    sampler,
    spacing,
    steps,
    seed,
    classes,
    guidance,
  }: Pick<ModelFlags, "sampler" | "spacing" | "steps" | "seed" | "guidance"> & Pick<Model, "classes">,
): Drawing {
  return {
    sampler: sampler === undefined ? sample.sampler : pluginSpec(sampler),
    spacing: spacing === undefined ? sample.spacing : pluginSpec(spacing),
    schedule,
    clip: sample.clip,
    ...{ steps, seed, label: classes?.map(({ number }) => number) ?? null, guidance },
  };
}

/** The averaged weights, unless the trained ones are asked for. */
export function weightsOf(state: TrainState, { raw }: Pick<ModelFlags, "raw">): Params {
  return raw ? state.params : (state.ema ?? state.params);
}
