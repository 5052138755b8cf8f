import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const example = fileURLToPath(new URL("support/example.ts", import.meta.url));
const readme = fileURLToPath(new URL("../README.md", import.meta.url));

test("the README shows the example that is type-checked here and run from the packed package", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, "utf8"))!;
  expect(shown).toBe(readFileSync(example, "utf8"));
});
