import { expect, test } from "vitest";
import * as z from "zod";
import { type Json, refusalOf } from "../src/authoring.ts";

const schema = z.strictObject({
  steps: z.int().min(1).max(1000).default(10).describe("number of steps"),
  rate: z.number().positive().lt(1),
  kind: z.enum(["linear", "cosine"]).default("linear"),
  size: z.union([z.int().min(1), z.tuple([z.int().min(1), z.int().min(1)])]).optional(),
  clip: z.number().nullable().default(1),
  names: z.array(z.string().min(1)).min(1).optional(),
  on: z.boolean().default(false),
  name: z.string().regex(/^\w+$/).meta({ title: "a name of letters" }).optional(),
  inner: z
    .strictObject({ deep: z.int().optional(), list: z.array(z.strictObject({ x: z.number() })).optional() })
    .optional(),
});

const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json;

const refused = (given: object): string => {
  const value = { rate: 0.5, ...given };
  const { error } = schema.safeParse(value);
  if (!error) throw new Error("it was accepted");
  const { what, hint } = refusalOf(json, value, error.issues, { noun: "setting" });
  return hint ? `${what} ${hint}` : what;
};

test.each([
  [{ steps: 0 }, 'setting "steps": 0 given, expected a whole number from 1 to 1000 (number of steps).'],
  [{ steps: 2.5 }, 'setting "steps": 2.5 given, expected a whole number from 1 to 1000 (number of steps).'],
  [
    { steps: 1e300 },
    'setting "steps": 1e+300 given, expected a whole number from 1 to 1000 (number of steps).',
  ],
  [{ steps: "10" }, 'setting "steps": "10" given, expected a whole number from 1 to 1000 (number of steps).'],
  [{ steps: null }, 'setting "steps": null given, expected a whole number from 1 to 1000 (number of steps).'],
  [{ steps: [1] }, 'setting "steps": [1] given, expected a whole number from 1 to 1000 (number of steps).'],
  [{ rate: Number.NaN }, 'setting "rate": NaN given, expected a number above 0 and below 1.'],
  [
    { rate: Number.POSITIVE_INFINITY },
    'setting "rate": Infinity given, expected a number above 0 and below 1.',
  ],
  [{ rate: undefined }, 'setting "rate" is missing: expected a number above 0 and below 1.'],
  [
    { kind: "cosin" },
    'setting "kind": "cosin" given, expected one of "linear", "cosine". Did you mean "cosine"?',
  ],
  [
    { size: "16,24" },
    'setting "size": "16,24" given, expected a whole number of at least 1 or a list of 2: a whole number of at least 1, a whole number of at least 1. A list is written in brackets: size=[16,24].',
  ],
  [{ clip: "none" }, 'setting "clip": "none" given, expected a number or null.'],
  [{ names: [] }, 'setting "names": [] given, expected a list of at least 1, each a text.'],
  [{ names: ["a", 2] }, 'setting "names.1": 2 given, expected a text.'],
  [{ on: "yes" }, 'setting "on": "yes" given, expected true or false.'],
  [{ name: "a/b" }, 'setting "name": "a/b" given, expected a name of letters.'],
  [{ inner: 3 }, 'setting "inner": 3 given, expected an object of deep, list.'],
  [{ inner: { dep: 1 } }, 'unknown setting "inner.dep": expected one of deep, list. Did you mean "deep"?'],
  [{ inner: { list: [{ x: "1" }] } }, 'setting "inner.list.0.x": "1" given, expected a number.'],
])("%j is refused in a sentence", (given, sentence) => {
  expect(refused(given)).toBe(sentence);
});

test.each([null, [], "text", 3])("%j instead of settings is refused in a sentence", (given) => {
  const { error } = schema.safeParse(given);
  expect(refusalOf(json, given, error!.issues, { noun: "setting" }).what).toBe(
    `${JSON.stringify(given)} given, expected an object of steps, rate, kind, size, clip, names, on, name, inner.`,
  );
});
