import { expect, test } from "vitest";
import { goldenFiles, isLeftOut } from "./read-golden.ts";
import { nameOf, runGolden } from "./runners.ts";
import { runTokens } from "./text-tokens.ts";

const files = goldenFiles("text");

test.skipIf(isLeftOut("text/clip_tokens.json"))("there are files of text", () => {
  expect(files.length).toBeGreaterThan(3);
});

test.each(files.map((path) => [nameOf(path), path]))(
  "%s: ids, states and gradients equal their reference",
  async (_name, path) => {
    const result = await runGolden(path);
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(10);
  },
);

test("another id, and a member that nothing compares, are found", async () => {
  const golden = { text: "a cat", openai: [320, 2369], transformers: "same", colour: "red" };
  const cases = await runTokens({ cases: [golden] });
  expect(cases.filter(({ error }) => error === Number.POSITIVE_INFINITY).map(({ id }) => id)).toEqual([
    "cases/0 openai",
    "cases/0 transformers",
    "cases/0 sd2",
  ]);
  expect(cases.at(-1)!.reason).toBe("nothing compares colour");
});
