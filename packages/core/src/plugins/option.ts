import type { Json } from "./json.ts";
import { checkedBy, jsonOf, type OptionResult, type OptionType } from "./option-type.ts";

/** An option: end it with its default, unless it is required, and its meaning. */
export interface Option<Output, Input = Output> extends OptionType<Output, Input> {
  /** What it means, one phrase. */
  describe(meaning: string): Option<Output, Input>;
  default(value: Output): Option<Output, Input | undefined>;
  optional(): Option<Output | undefined, Input | undefined>;
}

/** An option that is a finite number. */
export interface NumberOption extends Option<number> {
  min(value: number): NumberOption;
  max(value: number): NumberOption;
  /** Above, and not this. */
  gt(value: number): NumberOption;
  /** Below, and not this. */
  lt(value: number): NumberOption;
  positive(): NumberOption;
  /** A whole number. */
  int(): NumberOption;
}

/** An option that is a list. */
export interface ListOption<Item> extends Option<readonly Item[]> {
  /** At least so many. */
  min(count: number): ListOption<Item>;
}

type Read<Output> = (value: unknown) => OptionResult<Output>;

const REFUSED = { issues: [{ message: "another value expected" }] };

function made<Output, Input = Output>(json: Json, read: Read<Output>): Option<Output, Input> {
  const jsonSchema = { input: () => ({ ...json }), output: () => ({ ...json }) };
  return {
    "~standard": { version: 1, vendor: "ddpm", validate: read, jsonSchema },
    describe: (description) => made({ ...json, description }, read),
    default: (value) =>
      made({ ...json, default: value }, (given) => (given === undefined ? { value } : read(given))),
    optional: () =>
      made<Output | undefined, Input | undefined>(json, (given) =>
        given === undefined ? { value: undefined } : read(given),
      ),
  };
}

function number(json: Json = { type: "number" }): NumberOption {
  const bounded = (more: Json): NumberOption => number({ ...json, ...more });
  return {
    ...made<number>(json, (value) => (inRange(value, json) ? { value } : REFUSED)),
    min: (minimum) => bounded({ minimum }),
    max: (maximum) => bounded({ maximum }),
    gt: (exclusiveMinimum) => bounded({ exclusiveMinimum }),
    lt: (exclusiveMaximum) => bounded({ exclusiveMaximum }),
    positive: () => bounded({ exclusiveMinimum: 0 }),
    int: () => bounded({ type: "integer" }),
  };
}

function inRange(value: unknown, json: Json): value is number {
  if (!(json.type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value))) return false;
  const given = value as number;
  return !(
    given < json.minimum! ||
    given > json.maximum! ||
    given <= json.exclusiveMinimum! ||
    given >= json.exclusiveMaximum!
  );
}

function list<Item>(type: OptionType<Item, unknown>, minItems = 0): ListOption<Item> {
  const json: Json = { type: "array", items: jsonOf(type), ...(minItems > 0 ? { minItems } : {}) };
  const read: Read<readonly Item[]> = (given) => {
    if (!Array.isArray(given) || given.length < minItems) return REFUSED;
    const items: Item[] = [];
    for (const [i, item] of given.entries()) {
      const result = checkedBy(type, item);
      if (result.issues)
        return { issues: result.issues.map((one) => ({ ...one, path: [i, ...(one.path ?? [])] })) };
      items.push(result.value);
    }
    return { value: items };
  };
  return { ...made<readonly Item[]>(json, read), min: (count) => list(type, count) };
}

/** Types of options: `option.number().min(0).default(1).describe("what it means")`. */
export const option: {
  number(): NumberOption;
  boolean(): Option<boolean>;
  choice<const Word extends string>(words: readonly Word[]): Option<Word>;
  list<Item>(type: OptionType<Item, unknown>): ListOption<Item>;
  custom<Value>(title: string, accepts: (value: unknown) => boolean): Option<Value>;
} = {
  /** A finite number. */
  number: (): NumberOption => number(),
  /** True or false. */
  boolean: (): Option<boolean> =>
    made<boolean>({ type: "boolean" }, (value) => (typeof value === "boolean" ? { value } : REFUSED)),
  /** One of some words. */
  choice: <const Word extends string>(words: readonly Word[]): Option<Word> =>
    made<Word>({ type: "string", enum: words }, (value) =>
      words.includes(value as Word) ? { value: value as Word } : REFUSED,
    ),
  /** A list, each item of one type. */
  list: <Item>(type: OptionType<Item, unknown>): ListOption<Item> => list(type),
  /**
   * Any value that a function accepts.
   *
   * @param title what is expected, e.g. `a schedule`
   */
  custom: <Value>(title: string, accepts: (value: unknown) => boolean): Option<Value> =>
    made<Value>({ title }, (value) => (accepts(value) ? { value: value as Value } : REFUSED)),
};
