import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compare } from "../src/compare/compare.ts";
import { UsageError } from "../src/output/usage.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const silent = { say() {}, preview() {}, progress() {}, event() {}, close() {} };

const withTrain = (train: object): object => ({ ...smallRun, train: { ...smallRun.train, ...train } });
const refused: [what: string, description: object, said: RegExp][] = [
  [
    "a target from which a schedule without any signal left cannot be drawn",
    { ...smallRun, schedule: { name: "zero-terminal", of: "linear" }, parameterization: "eps" },
    /no signal is left.*Train with v or x0/,
  ],
  [
    "held-out pairs that do not divide",
    { ...smallRun, heldOut: { amount: 8, pairs: 3 } },
    /heldOut\.pairs=8/,
  ],
  [
    "a held-out distance with nothing held out",
    { ...smallRun, every: { ...smallRun.every, heldOut: 8 } },
    /every\.heldOut/,
  ],
  ["a group without parameters", withTrain({ groups: [{ match: ["nothing*"] }] }), /no parameter is left/],
  ["hidden labels where none are told", withTrain({ labelDropout: 0.1 }), /ho takes no labels/],
  [
    "an own guess for a network that takes none",
    withTrain({ selfCondition: 0.5 }),
    /does not take its own guess/,
  ],
];

test.each(refused)("%s: refused before a run is begun", async (_what, description, said) => {
  const out = join(folder, "refused");
  const training = trainHere(description, out, () => {}, "cpu");
  await expect(training).rejects.toThrow(UsageError);
  await expect(training).rejects.toThrow(said);
  expect(existsSync(out)).toBe(false);
});

test.each([
  ["a value that does not exist", "schedule=linear,cosin", /Did you mean "cosine"/],
  [
    "a setting that cannot be drawn from",
    'schedule=["linear",{"name":"zero-terminal","of":"linear"}]',
    /zero-terminal:of=linear: .*no signal is left/,
  ],
])("compare refuses %s before it trains any other, and says which", async (_what, vary, said) => {
  const out = join(folder, "compared");
  const flags = { vary: [vary], count: 16, batch: 16, seed: 0, backend: "cpu", slices: 1, out };
  const comparing = compare(writeSmallRun(folder), flags, silent);
  await expect(comparing).rejects.toThrow(UsageError);
  await expect(comparing).rejects.toThrow(said);
  expect(existsSync(out)).toBe(false);
});
