import { expect, test } from "vitest";
import { partsOfChain } from "../src/held-out/variational-bound.ts";

test("the parts of a chain are its steps from 1 on, each once", () => {
  for (const steps of [2, 40, 1000]) {
    const all = partsOfChain(steps).flatMap(([from, to]) =>
      Array.from({ length: to - from }, (_, i) => from + i),
    );
    expect(all).toEqual(Array.from({ length: steps - 1 }, (_, i) => 1 + i));
  }
});
