import { compareBackends } from "@ddpm/testing";
import { anyOf, convolutionCases, networkCases, reductionCases, shapeCases } from "@ddpm/testing/authoring";
import { beforeAll, describe, expect, it } from "vitest";
import { registerWebgpuKernels } from "../../src/webgpu/index.ts";
import { comparisonSeed } from "../comparison-seed.ts";
import { hasDevice, startDevice } from "./device.ts";

const seed = comparisonSeed();

describe.skipIf(!hasDevice)("random comparison", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    await startDevice();
    registerWebgpuKernels();
  });

  it("values and gradients are those of the cpu backend, also when repeated", async () => {
    const { pixelReduction } = reductionCases;
    const { splitting } = shapeCases;
    const cases = anyOf({
      ...convolutionCases,
      ...networkCases,
      pixelReduction: pixelReduction!,
      splitting: splitting!,
    });
    expect(await compareBackends({ backend: "webgpu", cases, seed, draws: 12 })).toEqual([]);
  });
});
