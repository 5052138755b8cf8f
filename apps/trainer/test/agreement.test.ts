import { useBackend } from "@ddpm/backends";
import { beforeAll, describe, expect, test } from "vitest";
import { smallLosses } from "./support/small-losses.ts";

const STEPS = 25;
/** Steps that are done a second time. */
const AGAIN = 6;

async function lossesOn(backend: string, steps: number): Promise<readonly number[]> {
  const { compile } = await useBackend(backend, { threads: 2 });
  return smallLosses(steps, compile);
}

describe(`${STEPS} steps of training`, () => {
  let onnx: readonly number[];
  beforeAll(async () => {
    onnx = await lossesOn("onnx", STEPS);
  });

  test("have the losses of wasm to 1e-4", async () => {
    const wasm = await lossesOn("wasm", STEPS);
    expect(onnx).toHaveLength(STEPS);
    for (const [step, loss] of wasm.entries()) {
      expect(Math.abs(onnx[step]! / loss - 1), `step ${step}`).toBeLessThan(1e-4);
    }
    expect(onnx.at(-1)).toBeLessThan(onnx[0]!);
  });

  test("have the same bits for the same seed and number of threads", async () => {
    expect(await lossesOn("onnx", AGAIN)).toEqual(onnx.slice(0, AGAIN));
  });
});
