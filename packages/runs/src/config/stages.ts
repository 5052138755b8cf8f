import { fail } from "@ddpm/core";
import { isSection, over } from "./over.ts";
import type { RunDescription } from "./schema.ts";
import { applySetting } from "./set.ts";

/** What a stage changes, as deep as a description goes: `{ data: { classes: ["ship"] }, train: { images: 50_000 } }`. */
export type StageChanges = {
  readonly [Section in keyof RunDescription]?: RunDescription[Section] extends object | undefined
    ? Partial<RunDescription[Section]>
    : RunDescription[Section];
};

/** A run in one or several stages, each beginning with the weights of the one before, in this order. */
export interface StagedDescription extends RunDescription {
  readonly stages?: Readonly<Record<string, StageChanges>>;
}

/** A stage by name; a run in one stage has no name for it. */
export interface Stage {
  readonly name?: string;
  readonly description: object;
}

/** What may name a stage: it names a folder, too. */
const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * The stages of a description, at least one: its settings, the stage's changes over them, and over both what the
 * command line says. `stages.NAME.…` on the command line changes one stage.
 *
 * @param assignments `key=value`: wider ones first, else in order
 * @throws DdpmError for stages that are none, or have no usable name
 */
export function stagesOf(description: object, assignments: readonly string[]): readonly [Stage, ...Stage[]] {
  const ordered = widestFirst(assignments);
  const whole = ordered.reduce(applySetting, description);
  const { stages, ...shared } = whole as { readonly stages?: unknown };
  if (stages === undefined) return [{ description: shared }];
  if (!isSection(stages) || Object.keys(stages).length === 0) {
    fail("runs/stages", `"stages" is ${JSON.stringify(stages)}, expected settings by the names of stages.`);
  }
  const general = ordered.filter((one) => !one.startsWith("stages."));
  const named = Object.entries(stages).map(([name, changes]): Stage => {
    if (!NAME.test(name) || !isSection(changes)) {
      fail(
        "runs/stages",
        `stage "${name}": expected a name of small letters, digits and dashes, and settings.`,
      );
    }
    const called = { ...shared, name: `${(shared as { name?: unknown }).name}-${name}` };
    const changed = over(called, changes);
    return { name, description: general.reduce(applySetting, changed) };
  });
  return named as unknown as [Stage, ...Stage[]];
}

/**
 * Settings in the order in which none removes what another one sets: `denoiser=dit` and `denoiser.name=dit` before
 * `denoiser.depth=2`.
 */
function widestFirst(assignments: readonly string[]): readonly string[] {
  const depth = (assignment: string): number =>
    assignment
      .split("=", 1)[0]!
      .replace(/\.name$/, "")
      .split(".").length;
  return assignments.toSorted((a, b) => depth(a) - depth(b));
}
