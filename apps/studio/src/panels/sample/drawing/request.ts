import type { AnySpec } from "@ddpm/runs/authoring";
import type { SampleInput, SampleTask } from "../../../engine/jobs/sample/sample-input.ts";
import type { ModelChoice } from "../../../engine/store/models.ts";
import { toRange } from "../../../model/pictures/fit-picture.ts";
import type { Mask } from "../../../model/pictures/mask.ts";
import type { PictureSource, SampleSettings } from "../settings.ts";
import type { GivenImage } from "../task/given-image.ts";

/** Samplers of the list as the worker takes them. */
export function samplersOf({ samplers }: SampleSettings): AnySpec[] {
  return samplers.map(({ name, options }) => ({ ...options, name }));
}

/** Classes of these samples, where the network takes any. */
export function labelsFor(
  label: SampleSettings["label"],
  numbers: readonly number[],
  classes: number,
): { readonly labels?: readonly number[] } {
  if (classes === 0 || label === "none") return {};
  return { labels: numbers.map((number) => (label === "turns" ? number % classes : label)) };
}

/**
 * The class of a task: inpainting and interpolation need one for all. A picture that was
 * drawn with classes in turn has the class of its number.
 */
export function labelOf({ task, label, picture }: SampleSettings, classes: number): SampleSettings["label"] {
  if (label !== "turns" || task === "noise" || task === "edit") return label;
  return task === "paint" && "drawn" in picture && classes > 0 ? picture.drawn.number % classes : "none";
}

/** What pictures and mask a task has. */
export interface Given {
  readonly picture?: GivenImage | undefined;
  readonly other?: GivenImage | undefined;
  readonly mask?: Mask | undefined;
}

/** Sources of the pictures that a task needs. */
export function neededBy({ task, between, picture, other }: SampleSettings): readonly PictureSource[] {
  if (task === "edit" || task === "paint") return [picture];
  return task === "mix" && between === "pictures" ? [picture, other] : [];
}

/** What the worker is asked for, or undefined as long as a picture is not there. */
export function requestOf(
  settings: SampleSettings,
  model: ModelChoice,
  classes: number,
  given: Given,
): SampleInput | undefined {
  const task = taskOf(settings, given);
  if (!task) return undefined;
  const { steps, seed, guidance, spacing, prompt } = settings;
  const count = task.kind === "mix" ? settings.stages : settings.count;
  const numbers = Array.from({ length: count }, (_, k) => k);
  return {
    ...{ model, task, steps, count, seed, guidance },
    spacing: { name: spacing },
    samplers: samplersOf(settings),
    ...labelsFor(labelOf(settings, classes), numbers, classes),
    ...(prompt === "" ? {} : { prompt }),
  };
}

function taskOf(settings: SampleSettings, { picture, other, mask }: Given): SampleTask | undefined {
  const { task, strength, jump, repeats, between, seed, seed2 } = settings;
  if (task === "noise") return { kind: "noise" };
  if (task === "edit") return picture && { kind: "edit", picture: toRange(picture.data), strength };
  if (task === "paint") {
    const keep = mask && Float32Array.from(mask.paint, (one) => 1 - one);
    return picture && keep && { kind: "paint", picture: toRange(picture.data), keep, jump, repeats };
  }
  if (between === "seeds") return { kind: "mix", ends: { seeds: [seed, seed2] } };
  if (!picture || !other) return undefined;
  return { kind: "mix", ends: { pictures: [toRange(picture.data), toRange(other.data)] } };
}
