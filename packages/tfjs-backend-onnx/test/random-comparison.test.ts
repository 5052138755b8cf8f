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
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import "../src/index.ts";
import { comparisonSeed } from "./comparison-seed.ts";

const seed = comparisonSeed();

beforeAll(async () => {
  await tf.setBackend("onnx");
});

it.each([
  ["convolutions and pooling", convolutionCases, 350],
  ["small networks", networkCases, 80],
  ["element-wise arithmetic", arithmeticCases, 200],
  ["matrix products", matrixCases, 120],
  ["reductions", reductionCases, 120],
  ["moving of numbers", shapeCases, 150],
] as const)(
  "%s: values and gradients are those of the cpu backend, also when repeated",
  async (_, kinds, draws) => {
    expect(await compareBackends({ backend: "onnx", cases: anyOf(kinds), seed, draws })).toEqual([]);
  },
);
