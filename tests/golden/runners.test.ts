import "@tensorflow/tfjs";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { schedulesFile, unknownSchedules } from "./make/schedules.ts";
import { filesNamed } from "./read-golden.ts";
import { runGolden } from "./runners.ts";

const folder = mkdtempSync(join(tmpdir(), "golden-"));
const write = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["null", "null"],
  ["no parts", "{}"],
  ["parts that are no lists", '{"cases": 3}'],
  ["entries that are no objects", '{"cases": [null, "x"]}'],
])("a file with %s has failed, and nothing is thrown", async (_what, content) => {
  for (const name of ["schedules.json", "samplers.json", "gaussian.json", "ema_lr.json", "fid.json"]) {
    const { passed, failed, unsupported } = await runGolden(write(name, content));
    expect(passed).toBe(0);
    expect(failed + unsupported.length).toBeGreaterThan(0);
  }
});

test("a file that is not there, and a network without its weights, have failed", async () => {
  expect(await runGolden(join(folder, "nothing.json"))).toMatchObject({ passed: 0, failed: 1 });
  mkdirSync(join(folder, "unets"), { recursive: true });
  const network = {
    name: "x",
    reference: "dataflowr/notebooks",
    constructor: {},
    state_dict: [],
    weights: "stored",
  };
  const { passed, failures } = await runGolden(write("unets/x.json", JSON.stringify(network)));
  expect(passed).toBe(0);
  expect(failures).toHaveLength(1);
});

test.each([
  ["autoencoders/a.json", { name: "a" }],
  ["spirals.json", { spirals: [] }],
  ["unets/b.json", { name: "b", reference: "someone/else", constructor: {}, state_dict: [] }],
])("%s is unsupported, with a reason", async (name, content) => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  const { passed, failed, unsupported } = await runGolden(write(name, JSON.stringify(content)));
  expect({ passed, failed }).toEqual({ passed: 0, failed: 0 });
  expect(unsupported[0]?.reason).toMatch(/no mapping reads|no family reads/);
});

test("a gzipped file by another name is known by its members", async () => {
  const content = gzipSync(JSON.stringify(schedulesFile()));
  write("more-numbers.json.gz", content);
  const [path] = filesNamed(join(folder, "more-numbers.json.gz"));
  const { failures, unsupported, passed } = await runGolden(path!);
  expect(failures).toEqual([]);
  expect(unsupported).toHaveLength(unknownSchedules);
  expect(passed).toBeGreaterThan(0);
});
