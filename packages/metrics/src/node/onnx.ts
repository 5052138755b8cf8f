import { readFile } from "node:fs/promises";
import { fail, type Images, type Plugin } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { disableOnnxRuntimeTelemetry } from "@ddpm/core/node";
import type { InferenceSession } from "onnxruntime-node";
import * as z from "zod";
import type { ExtractorRecipe } from "../extractors/extractor.ts";
import { quantise } from "../images/quantise.ts";
import { plugin } from "../plugin.ts";

/** Options of {@link onnxExtractor}. */
export interface OnnxExtractorOptions {
  /** Path of the model: one image input of rank 4. */
  readonly model: string;
  /** Which output holds the features; the first. */
  readonly output?: string | undefined;
  /** Which output holds logits; none. */
  readonly logits?: string | undefined;
  /** Order of the input's axes; `first`: [B, C, H, W]. */
  readonly layout?: "first" | "last" | undefined;
  /** Subtracted from pixels in [0, 1], per channel; 0.5. */
  readonly mean?: number[] | undefined;
  /** Divides afterwards; 0.5, which makes the range [−1, 1]. */
  readonly deviation?: number[] | undefined;
}

/** Any ONNX model: DINOv2, CLIP, a classifier of yours. The model gets the images at their own size. */
export const onnxExtractor: Plugin<OnnxExtractorOptions, ExtractorRecipe> = plugin({
  name: "onnx",
  about: "Any ONNX model's output, through onnxruntime-node.",
  source: "the model's own",
  options: {
    model: z.string().min(1).describe("path of the model: one image input of rank 4"),
    output: z.string().optional().describe("which output holds the features; the first"),
    logits: z.string().optional().describe("which output holds logits; none"),
    layout: z.enum(["first", "last"]).default("first").describe("where the input's channels stand"),
    mean: z.array(z.number()).min(1).default([0.5]).describe("subtracted from pixels in [0, 1], per channel"),
    deviation: z.array(z.number().gt(0)).min(1).default([0.5]).describe("divides afterwards"),
  },
  create: ({ model, output, logits, layout, mean, deviation }) => ({
    name: "onnx",
    reads: [model],
    async prepare({ read = readFile }) {
      await disableOnnxRuntimeTelemetry();
      const runtime = await import("onnxruntime-node").catch((error: unknown) => {
        const hint = "Install it: npm install onnxruntime-node";
        return fail("metrics/onnx", `onnxruntime-node does not load: ${String(error)}`, hint);
      });
      const bytes = new Uint8Array(await read(model));
      const session = await runtime.InferenceSession.create(bytes);
      const input = session.inputNames[0]!;
      const wanted = output ?? session.outputNames[0]!;
      for (const name of [wanted, ...(logits === undefined ? [] : [logits])]) {
        if (session.outputNames.includes(name)) continue;
        fail(
          "metrics/onnx",
          `${model} has no output "${name}": expected one of ${session.outputNames.join(", ")}.`,
        );
      }
      const settings = JSON.stringify({ wanted, logits, layout, mean, deviation });
      return {
        name: "onnx",
        fingerprint: fingerprint("onnx", settings, bytes),
        dimension: widthOf(session, wanted),
        facts: {},
        async extract(images) {
          const [data, shape] = inputOf(images, layout, mean, deviation);
          const outputs = await session.run({ [input]: new runtime.Tensor("float32", data, shape) });
          const features = numbers(outputs[wanted]?.data, wanted);
          if (logits === undefined) return { features };
          return { features, logits: numbers(outputs[logits]?.data, logits) };
        },
        dispose: () => void session.release(),
      };
    },
  }),
});

/** Numbers per image of an output. */
function widthOf({ outputMetadata }: InferenceSession, name: string): number {
  const shape = outputMetadata.flatMap((output) =>
    output.name === name && output.isTensor ? [output.shape] : [],
  )[0];
  return (shape ?? [])
    .slice(1)
    .reduce<number>(
      (product, size) =>
        typeof size === "number"
          ? product * size
          : fail(
              "metrics/onnx",
              `output "${name}" has an axis of no fixed size: ${size}.`,
              "Fix it in the model.",
            ),
      1,
    );
}

/** The model's input and its shape: 8 bits per pixel, normalised, axes in the model's order. */
function inputOf(
  { data, shape }: Images,
  layout: "first" | "last",
  mean: readonly number[],
  deviation: readonly number[],
): [data: Float32Array, shape: readonly number[]] {
  const [batch, height, width, channels] = shape;
  const area = height * width;
  const from = quantise(data);
  const input = new Float32Array(from.length);
  for (let at = 0; at < from.length; at++) {
    const channel = at % channels;
    const pixel = Math.floor(at / channels);
    const to =
      layout === "last" ? at : (Math.floor(pixel / area) * channels + channel) * area + (pixel % area);
    const shade = (from[at]! + 1) / 2;
    input[to] = (shade - mean[channel % mean.length]!) / deviation[channel % deviation.length]!;
  }
  return [input, layout === "last" ? shape : [batch, channels, height, width]];
}

function numbers(data: unknown, name: string): Float32Array {
  if (data instanceof Float32Array) return data;
  return fail("metrics/onnx", `output "${name}" is not float32.`, "Export the model in float32.");
}
