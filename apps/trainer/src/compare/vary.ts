import { readFile } from "node:fs/promises";
import { fail } from "@ddpm/core";
import { loadRun, type Overrides } from "../config/load.ts";
import { jsonOrText, pluginSpec } from "../config/plugin-spec.ts";
import type { RunConfig } from "../config/schema.ts";

/** One setting of those that are compared, as a run. */
export interface Variant {
  /** What is different about it, `linear`, `cosine, v`: it names the folder, too. */
  readonly name: string;
  /** The same without the seed, where seeds vary beside something else: its trainings are repetitions of one setting. */
  readonly repeated?: string;
  readonly config: RunConfig;
}

/** A setting and the values that it takes. */
export interface Varied {
  readonly key: string;
  readonly values: readonly { readonly name: string; readonly value: unknown }[];
}

/**
 * `schedule=linear,cosine,./mine.js`: a setting and values that commas part; as a JSON list, options may have commas.
 *
 * @throws DdpmError without `=`, or with fewer than two values
 */
export function varied(text: string): Varied {
  const equals = text.indexOf("=");
  if (equals < 1)
    fail("compare", `--vary ${text}: expected setting=value,value.`, "For example schedule=linear,cosine.");
  const key = text.slice(0, equals);
  const rest = text.slice(equals + 1);
  const list = rest.startsWith("[") ? jsonOrText(rest) : rest.split(",");
  return variedOf(key, list);
}

/** The same from a description's list. */
export function variedOf(key: string, list: unknown): Varied {
  if (!Array.isArray(list) || list.length < 2)
    fail("compare", `"${key}" takes ${JSON.stringify(list)}, expected at least two values to compare.`);
  return { key, values: list.map((one) => ({ name: nameOf(one), value: settingOf(one) })) };
}

function settingOf(one: unknown): unknown {
  const value = typeof one === "string" ? jsonOrText(one) : one;
  return typeof value === "string" ? pluginSpec(value) : value;
}

/** A value as the command line has it, `zero-terminal:of=linear`, where it can be said there; else as JSON without quotes. */
function nameOf(one: unknown): string {
  if (typeof one === "string") return one;
  const called = typeof one === "object" && one !== null ? calledOf(one) : undefined;
  if (called === undefined) return JSON.stringify(one).replace(/["{}]/g, "");
  const { name, options } = called;
  const said = Object.entries(options).map(([key, value]) => `${key}=${nameOf(value)}`);
  return said.length === 0 ? name : `${name}:${said.join(",")}`;
}

/** What a plugin is called, by name or by its module's, and its options. */
function calledOf(one: object): { readonly name: string; readonly options: object } | undefined {
  const { name, module, ...options } = one as { readonly name?: unknown; readonly module?: unknown };
  if (typeof module === "string") {
    return { name: module, options: { ...(name === undefined ? {} : { name }), ...options } };
  }
  return typeof name === "string" ? { name, options } : undefined;
}

/** What is compared: a preset or configuration, and what varies. */
export interface Description {
  readonly run: string;
  readonly vary: readonly Varied[];
  readonly set: readonly string[];
}

/**
 * Reads `{ "run": "fashion", "vary": { "schedule": ["linear", "cosine"] }, "set": ["train.images=20000"] }`; anything
 * else is a run's own preset or file.
 *
 * @throws DdpmError for a description without `vary`
 */
export async function described(source: string): Promise<Description> {
  const plain = { run: source, vary: [], set: [] };
  if (!source.endsWith(".json")) return plain;
  const text = await readFile(source, "utf8").catch(() => "");
  const { run, vary, set = [] } = text.includes('"vary"') ? parsed(source, text) : {};
  if (vary === undefined) return plain;
  if (typeof run !== "string" || typeof vary !== "object" || vary === null || !Array.isArray(set))
    fail("compare", `${source}: expected { "run": …, "vary": { setting: [values] }, "set": [assignments] }.`);
  return { run, vary: Object.entries(vary as object).map(([key, list]) => variedOf(key, list)), set };
}

function parsed(source: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    return fail("compare", `${source} is not JSON: ${(cause as Error).message}.`, undefined, { cause });
  }
}

/**
 * Every combination of the values, as runs that agree in all else: the same seed, images and order.
 *
 * @throws DdpmError for a setting or value that does not exist, or two variants that come to the same
 */
export async function variantsOf(
  { run, vary, set }: Description,
  overrides: Overrides,
): Promise<readonly Variant[]> {
  let combined: readonly { readonly names: readonly string[]; readonly set: readonly string[] }[] = [
    { names: [], set: [...set, ...(overrides.set ?? [])] },
  ];
  for (const { key, values } of vary) {
    combined = combined.flatMap((before) =>
      values.map(({ name, value }) => ({
        names: [...before.names, name],
        set: [...before.set, `${key}=${JSON.stringify(value)}`],
      })),
    );
  }
  const seedAt = vary.length > 1 ? vary.findIndex(({ key }) => key === "seed") : -1;
  const variants = await Promise.all(
    combined.map(async ({ names, set: assignments }): Promise<Variant> => {
      const name = names.join(", ");
      const config = await loadRun(run, { ...overrides, set: assignments });
      const repeated = seedAt < 0 ? {} : { repeated: names.toSpliced(seedAt, 1).join(", ") };
      return { name, ...repeated, config: { ...config, name: folderName(name) } };
    }),
  );
  const folders = new Set(variants.map(({ name }) => folderName(name)));
  if (folders.size < variants.length)
    fail("compare", "two of the settings have the same name.", "Say each once.");
  const early = variants.find(({ config }) => config.train.earlyStop ?? config.train.minutes);
  if (early) {
    const what = early.config.train.earlyStop ? "earlyStop" : "minutes";
    fail(
      "compare",
      `train.${what} would end ${early.name} before it has seen its ${early.config.train.images} images, and all are compared at the same number.`,
      "Leave it out, and say how many with --images.",
    );
  }
  return variants;
}

/** A folder's name made of a variant's. */
export function folderName(name: string): string {
  return name.replace(/[^\w.=-]+/g, "-").replace(/^[-.]+|-+$/g, "");
}
