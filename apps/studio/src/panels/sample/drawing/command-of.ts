import { classNumbers } from "@ddpm/data/authoring";
import type { SampleSettings } from "../settings.ts";
import { labelOf } from "./request.ts";

/**
 * The same pictures with the `ddpm` command. It takes pictures and masks as files, which the page saves; of a picture
 * it draws one version, the page's first.
 *
 * @param run     folder of the run
 * @param classes names of the classes that the network takes, by label
 */
export function commandOf(settings: SampleSettings, run: string, classes: readonly string[]): string {
  const { task, between } = settings;
  const label = `${labelFlags(settings, classes)}${promptFlags(settings)}`;
  const drawing = `${drawingOf(settings)}${label}`;
  if (task === "paint") {
    const { jump, repeats } = settings;
    return `ddpm inpaint ${run} picture.png --mask mask.png --jump ${jump} --repeats ${repeats} ${drawing}`;
  }
  if (task === "mix" && between === "seeds") {
    return `# The command mixes neighbouring samples of one seed; the code mixes two seeds.\nddpm interpolate ${run} --count 1 --stages ${settings.stages}${samplersOf(settings)[0]} ${drawing}`;
  }
  return samplersOf(settings)
    .map((sampler) => {
      if (task === "edit")
        return `ddpm edit ${run} picture.png --strength ${settings.strength}${sampler} ${drawing}`;
      if (task === "mix") {
        return `ddpm interpolate ${run} pictures --count 1 --stages ${settings.stages}${sampler} ${drawing}`;
      }
      return `ddpm sample ${run}${sampler} --count ${settings.count} ${drawing}`;
    })
    .join("\n");
}

function samplersOf({ samplers }: SampleSettings): string[] {
  return samplers.map(({ name, options }) => {
    const set = Object.entries(options).map(([option, value]) => `${option}=${value}`);
    return ` --sampler ${set.length > 0 ? `${name}:${set.join(",")}` : name}`;
  });
}

function drawingOf({ spacing, steps, seed }: SampleSettings): string {
  return `--spacing ${spacing} --steps ${steps} --seed ${seed}`;
}

function labelFlags(settings: SampleSettings, classes: readonly string[]): string {
  const label = labelOf(settings, classes.length);
  if (classes.length === 0 || label === "none") return "";
  const labels = label === "turns" ? [...classes.keys()] : [label];
  const words = labels.map((one) => wordFor(one, classes));
  return ` --label ${quoted(words.join(","))} --guidance ${settings.guidance}`;
}

function promptFlags({ prompt, guidance }: SampleSettings): string {
  return prompt === "" ? "" : ` --prompt ${quoted(prompt)} --guidance ${guidance}`;
}

/** The number of a class, or its name where the number means another one. */
function wordFor(label: number, classes: readonly string[]): string {
  const meant = classNumbers(label, classes);
  return meant.length === 1 && meant[0] === label ? String(label) : (classes[label] ?? String(label));
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w,.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
