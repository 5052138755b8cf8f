import { expect, test } from "vitest";
import { annotated } from "../src/index.ts";

const names = (options: Parameters<typeof annotated>[0]): string[] =>
  annotated(options).specs.map(({ name }) => name);

test("as published, the finest level has no way up and the last block does not receive the noise level", () => {
  const published = names({});
  expect(published.some((name) => name.startsWith("up.0."))).toBe(false);
  expect(published.some((name) => name.startsWith("out.block.time."))).toBe(false);
  const corrected = names({ unusedSkip: false });
  expect(corrected.filter((name) => !published.includes(name)).map((name) => name.split(".")[0])).toContain(
    "up",
  );
  expect(corrected).toContain("out.block.time.kernel");
});

test("the first width is two thirds of dim unless given", () => {
  const [stem] = annotated().specs;
  expect(stem).toEqual({ name: "stem.kernel", shape: [7, 7, 3, 18], trainable: true });
  expect(annotated({ initDim: 7 }).specs[0]!.shape).toEqual([7, 7, 3, 7]);
});
