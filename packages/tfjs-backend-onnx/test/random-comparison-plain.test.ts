import { compareBackends } from "@ddpm/testing";
import { anyOf, convolutionCases, networkCases } from "@ddpm/testing/authoring";
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { configureOnnx } from "../src/index.ts";
import { comparisonSeed } from "./comparison-seed.ts";

const seed = comparisonSeed();

beforeAll(async () => {
  configureOnnx({ plainConvolutions: true });
  await tf.setBackend("onnx");
});

it("without blocked convolutions values and gradients are those of the cpu backend", async () => {
  const cases = anyOf({ ...convolutionCases, ...networkCases });
  expect(await compareBackends({ backend: "onnx", cases, seed, draws: 120 })).toEqual([]);
});
