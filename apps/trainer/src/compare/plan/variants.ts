import { fail } from "@ddpm/core";
import type { RunConfig } from "@ddpm/runs";
import { loadRun, type Overrides } from "../../config/load.ts";
import type { Description } from "./description.ts";

/** One combination of the settings, as a run. */
export interface Variant {
  /** Its values, `linear` or `cosine, v`; the name of its folder comes from it. */
  readonly name: string;
  /** The name without the seed, where seeds vary next to something else. */
  readonly repeated?: string;
  readonly config: RunConfig;
}

/**
 * Every combination of the values, as runs that agree in everything else.
 *
 * @throws DdpmError for a setting or value that does not exist, or two variants of the same name
 */
export async function variantsOf(
  { run, vary, set }: Description,
  overrides: Overrides,
): Promise<readonly Variant[]> {
  const seedAt = vary.length > 1 ? vary.findIndex(({ key }) => key === "seed") : -1;
  const variants = await Promise.all(
    combinationsOf(vary).map(async ({ names, assignments }): Promise<Variant> => {
      const name = names.join(", ");
      const config = await loadRun(run, { ...overrides, set: [...set, ...assignments] });
      const repeated = seedAt < 0 ? {} : { repeated: names.toSpliced(seedAt, 1).join(", ") };
      return { name, ...repeated, config: { ...config, name: folderName(name) } };
    }),
  );
  const folders = new Set(variants.map(({ name }) => folderName(name)));
  if (folders.size < variants.length)
    fail("cli/variants", "two of the settings have the same name.", "Give each once.");
  for (const variant of variants) checkLength(variant);
  return variants;
}

/** One value of every setting: their names, and `key=value` each. */
interface Combination {
  readonly names: readonly string[];
  readonly assignments: readonly string[];
}

function combinationsOf(vary: Description["vary"]): readonly Combination[] {
  return vary.reduce<readonly Combination[]>(
    (combined, { key, values }) =>
      combined.flatMap(({ names, assignments }) =>
        values.map(({ name, value }) => ({
          names: [...names, name],
          assignments: [...assignments, `${key}=${JSON.stringify(value)}`],
        })),
      ),
    [{ names: [], assignments: [] }],
  );
}

/** Refuses trainings that may end before they have seen all their images. */
function checkLength({ name, config: { train } }: Variant): void {
  const early = train.earlyStop ? "earlyStop" : train.minutes ? "minutes" : undefined;
  if (early === undefined) return;
  fail(
    "cli/variants",
    `train.${early} would end ${name} before it has seen its ${train.images} images, and all are compared at the same number.`,
    "Leave it out, and set the number with --images.",
  );
}

/** The name of a variant as a folder name. */
export function folderName(name: string): string {
  return name.replace(/[^\w.=-]+/g, "-").replace(/^[-.]+|-+$/g, "");
}
