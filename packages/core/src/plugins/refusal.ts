import type { Json } from "./json.ts";
import { nearest } from "./nearest.ts";
import type { OptionIssue } from "./option-type.ts";

/** Why a value does not fit a schema, in words for people. */
export interface Refusal {
  /** One sentence: the place, what was given, what is expected. */
  readonly what: string;
  /** What to do about it, one sentence. */
  readonly hint: string | undefined;
}

/** What {@link refusalOf} calls things. */
export interface RefusalOptions {
  /** What one entry is called: "option", "setting". */
  readonly noun: string;
  /** Where the value itself is, `data` say; left out, it is the whole. */
  readonly at?: string;
}

/**
 * Turns what is wrong with a value into a sentence: the place, what was given, what is expected, its meaning; for a
 * name that does not exist the nearest one.
 *
 * @param json   the schema that refused the value, as JSON Schema
 * @param given  the value
 * @param issues what is wrong, as `safeParse` of zod and a Standard Schema have them
 */
export function refusalOf(
  json: Json,
  given: unknown,
  issues: readonly OptionIssue[],
  { noun, at }: RefusalOptions,
): Refusal {
  const issue = deepest(issues[0]!);
  const path = pathOf(issue);
  const place = [...(at === undefined ? [] : [at]), ...path.map(String)].join(".");
  const expected = nodeAt(json, path, given);
  const value = path.reduce<unknown>((inner, key) => inner?.[key as never], given);
  if (issue.code === "unrecognized_keys") return unknownKey(issue.keys![0]!, place, expected, noun);
  const meaning = expected.description === undefined ? "" : ` (${expected.description})`;
  if (place === "") return { what: `${shown(value)} given, expected ${words(expected)}.`, hint: undefined };
  if (value === undefined) {
    const what = `${noun} "${place}" is missing: ${expected.description ?? ""}${expected.description ? "; " : ""}expected ${words(expected)}.`;
    return { what, hint: undefined };
  }
  const own = issue.code === "custom" ? issue.message : `expected ${words(expected)}`;
  return {
    what: `${noun} "${place}": ${shown(value)} given, ${own}${meaning}.`,
    hint: advice(value, expected, place),
  };
}

function unknownKey(unknown: string, place: string, { properties = {} }: Json, noun: string): Refusal {
  const known = Object.keys(properties);
  const name = place === "" ? unknown : `${place}.${unknown}`;
  const expected = known.length > 0 ? `expected one of ${known.join(", ")}` : `it takes no ${noun}s`;
  return { what: `unknown ${noun} "${name}": ${expected}.`, hint: nearest(unknown, known) };
}

/** Of a union the alternative that came furthest, where one went further than the first look. */
function deepest(issue: OptionIssue): OptionIssue {
  if (issue.code !== "invalid_union") return issue;
  const inner = (issue.errors ?? []).flatMap(([first]) => (first ? [deepest(first)] : []));
  const [best] = inner.sort((a, b) => pathOf(b).length - pathOf(a).length || rank(b) - rank(a));
  const further = best && (pathOf(best).length > 0 || best.code === "unrecognized_keys");
  return further ? { ...best, path: [...pathOf(issue), ...pathOf(best)] } : issue;
}

function pathOf({ path = [] }: OptionIssue): readonly PropertyKey[] {
  return path.map((step) => (typeof step === "object" ? step.key : step));
}

/** A name that does not exist says more than a type that is another's. */
function rank({ code }: OptionIssue): number {
  return code === "unrecognized_keys" ? 1 : 0;
}

/** The part of a JSON schema that a path leads to; of alternatives the one that has the next step. */
function nodeAt(json: Json, path: readonly PropertyKey[], given: unknown): Json {
  const [key, ...rest] = path;
  if (key === undefined) return json;
  const branches = [json, ...(json.anyOf ?? []), ...(json.allOf ?? [])];
  for (const branch of branches) {
    const next = step(branch, key);
    if (next) return nodeAt(next, rest, (given as Record<PropertyKey, unknown> | undefined)?.[key]);
  }
  return {};
}

function step(
  { properties, items, prefixItems, additionalProperties }: Json,
  key: PropertyKey,
): Json | undefined {
  if (typeof key === "number") {
    return prefixItems?.[key] ?? (typeof items === "object" ? items : undefined);
  }
  const named = properties?.[String(key)];
  return named ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

/** What a schema takes, in words: "a whole number from 1 to 64", "one of "a", "b"". */
function words(json: Json): string {
  if (json.title !== undefined) return json.title;
  if (json.enum) return `one of ${json.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  if (json.const !== undefined) return JSON.stringify(json.const);
  if (json.anyOf) return [...new Set(json.anyOf.map(words))].join(" or ");
  const { type } = json;
  if (typeof type === "object") return type.map((one) => words({ ...json, type: one })).join(" or ");
  switch (type) {
    case "integer":
      return ranged("a whole number", json);
    case "number":
      return ranged("a number", json);
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "array":
      return listWords(json);
    case "object":
      return objectWords(json);
    default:
      return "another value";
  }
}

function listWords({ prefixItems, items, minItems }: Json): string {
  if (prefixItems) return `a list of ${prefixItems.length}: ${prefixItems.map(words).join(", ")}`;
  const each = typeof items === "object" && Object.keys(items).length > 0 ? `, each ${words(items)}` : "";
  return `a list${minItems ? ` of at least ${minItems}` : ""}${each}`;
}

function objectWords({ properties = {} }: Json): string {
  const names = Object.keys(properties);
  return names.length === 0 ? "an object" : `an object of ${names.join(", ")}`;
}

/** Beyond this a bound is only there to keep numbers exact. */
const EXACT = Number.MAX_SAFE_INTEGER;

function ranged(kind: string, json: Json): string {
  const bound = (value: number | undefined): number | undefined =>
    value === undefined || Math.abs(value) >= EXACT ? undefined : value;
  const [min, max] = [bound(json.minimum), bound(json.maximum)];
  const [above, below] = [bound(json.exclusiveMinimum), bound(json.exclusiveMaximum)];
  const range =
    min !== undefined && max !== undefined
      ? ` from ${min} to ${max}`
      : [
          min === undefined ? "" : ` of at least ${min}`,
          above === undefined ? "" : ` above ${above}`,
          max === undefined ? "" : `${min === undefined && above === undefined ? "" : " and"} up to ${max}`,
          below === undefined
            ? ""
            : `${min === undefined && above === undefined ? "" : " and"} below ${below}`,
        ].join("");
  return `${kind}${range}${json.multipleOf === undefined ? "" : `, a multiple of ${json.multipleOf}`}`;
}

/** Longest text of a value that is repeated whole. */
const SHOWN = 60;

/** A value as it is repeated in a message. */
function shown(value: unknown): string {
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol")
    return `a ${typeof value}`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** How to write what was probably meant. */
function advice(value: unknown, expected: Json, place: string): string | undefined {
  if (typeof value !== "string") return undefined;
  const kinds = [expected, ...(expected.anyOf ?? [])];
  if (value.includes(",") && kinds.some(({ type }) => type === "array")) {
    return `A list is written in brackets: ${place}=[${value}].`;
  }
  const choices = kinds
    .flatMap((one) => one.enum ?? (one.const === undefined ? [] : [one.const]))
    .map(String);
  return nearest(value, choices);
}
