import { readFile } from "node:fs/promises";
import { fail } from "@ddpm/core";
import { jsonOrText } from "@ddpm/runs/authoring";
import { pluginSpec } from "../../config/plugin-spec.ts";

/** A setting and the values to compare. */
export interface Varied {
  readonly key: string;
  readonly values: readonly { readonly name: string; readonly value: unknown }[];
}

/**
 * Parses `schedule=linear,cosine,./mine.js`: a setting and values separated by commas, or a JSON list.
 *
 * @throws DdpmError without `=`, or with fewer than two values
 */
export function varied(text: string): Varied {
  const equals = text.indexOf("=");
  if (equals < 1)
    fail(
      "cli/description",
      `--vary ${text}: expected setting=value,value.`,
      "For example schedule=linear,cosine.",
    );
  const key = text.slice(0, equals);
  const rest = text.slice(equals + 1);
  const list = rest.startsWith("[") ? jsonOrText(rest) : rest.split(",");
  return variedOf(key, list);
}

/** The same from a list in JSON. */
function variedOf(key: string, list: unknown): Varied {
  if (!Array.isArray(list) || list.length < 2)
    fail(
      "cli/description",
      `"${key}" takes ${JSON.stringify(list)}, expected at least two values to compare.`,
    );
  return { key, values: list.map((one) => ({ name: nameOf(one), value: settingOf(one) })) };
}

function settingOf(one: unknown): unknown {
  const value = typeof one === "string" ? jsonOrText(one) : one;
  return typeof value === "string" ? pluginSpec(value) : value;
}

/** A value as on the command line, `zero-terminal:of=linear`, else as JSON without quotes. */
function nameOf(one: unknown): string {
  if (typeof one === "string") return one;
  const plugin = typeof one === "object" && one !== null ? pluginOf(one) : undefined;
  if (plugin === undefined) return JSON.stringify(one).replace(/["{}]/g, "");
  const { name, options } = plugin;
  const texts = Object.entries(options).map(([key, value]) => `${key}=${nameOf(value)}`);
  return texts.length === 0 ? name : `${name}:${texts.join(",")}`;
}

/** Name of a plugin, or path of its module, and its options. */
function pluginOf(one: object): { readonly name: string; readonly options: object } | undefined {
  const { name, module, ...options } = one as { readonly name?: unknown; readonly module?: unknown };
  if (typeof module === "string") {
    return { name: module, options: { ...(name === undefined ? {} : { name }), ...options } };
  }
  return typeof name === "string" ? { name, options } : undefined;
}

/** A comparison of trainings: a preset or configuration, and what varies. */
export interface Description {
  readonly run: string;
  readonly vary: readonly Varied[];
  readonly set: readonly string[];
}

/**
 * Reads a comparison, `{ "run": "fashion", "vary": { "schedule": ["linear", "cosine"] }, "set": ["train.images=20000"] }`,
 * or the preset or file of a run alone.
 *
 * @throws DdpmError for a description without `vary`
 */
export async function readDescription(source: string): Promise<Description> {
  const plain = { run: source, vary: [], set: [] };
  if (!source.endsWith(".json")) return plain;
  const text = await readFile(source, "utf8").catch(() => "");
  const { run, vary, set = [] } = text.includes('"vary"') ? parsed(source, text) : {};
  if (vary === undefined) return plain;
  if (typeof run !== "string" || typeof vary !== "object" || vary === null || !Array.isArray(set))
    fail(
      "cli/description",
      `${source}: expected { "run": …, "vary": { setting: [values] }, "set": [assignments] }.`,
    );
  return { run, vary: Object.entries(vary as object).map(([key, list]) => variedOf(key, list)), set };
}

function parsed(source: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    return fail("cli/description", `${source} is not JSON: ${(cause as Error).message}.`, undefined, {
      cause,
    });
  }
}
