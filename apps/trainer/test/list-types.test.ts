import { expect, test } from "vitest";
import { kinds } from "../src/commands/list/entries.ts";

test("every option of every plugin has a type in words, several as alternatives", () => {
  const options = Object.entries(kinds).flatMap(([kind, entries]) =>
    entries().flatMap(({ name, options = [] }) => options.map((one) => ({ at: `${kind}/${name}`, ...one }))),
  );
  const odd = options.filter(
    ({ type }) => typeof type !== "string" || !/^[\w"]/.test(type) || type.includes(","),
  );
  expect(odd).toEqual([]);
  const shift = options.find(({ at, name }) => at === "autoencoders/kl" && name === "shiftFactor");
  expect(shift?.type).toBe("number | null");
});
