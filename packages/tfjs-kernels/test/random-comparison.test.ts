import { compareBackends } from "@ddpm/testing";
import {
  anyOf,
  arithmeticCases,
  convolutionCases,
  matrixCases,
  networkCases,
  reductionCases,
  shapeCases,
} from "@ddpm/testing/authoring";
import { expect, it } from "vitest";
import { comparisonSeed } from "./comparison-seed.ts";
import { tf } from "./support.ts";

const seed = comparisonSeed();

it.each([
  ["convolutions and pooling", convolutionCases, 350],
  ["small networks", networkCases, 60],
  ["element-wise arithmetic", arithmeticCases, 400],
  ["matrix products", matrixCases, 120],
  ["reductions", reductionCases, 120],
  ["moving of numbers", shapeCases, 150],
] as const)(
  "%s: values and gradients are those of the cpu backend, also when repeated",
  async (_, kinds, draws) => {
    await tf.setBackend("wasm");
    expect(await compareBackends({ backend: "wasm", cases: anyOf(kinds), seed, draws })).toEqual([]);
  },
);
