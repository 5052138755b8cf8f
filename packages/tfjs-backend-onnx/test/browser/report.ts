import "@tensorflow/tfjs";
import { configureOnnx } from "@ddpm/tfjs-backend-onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "../../src/backend.ts";
import { train } from "./train.ts";

/** What a page or worker reports. */
export interface Report {
  readonly started: boolean;
  readonly threads: number;
  readonly losses: readonly number[];
  /** A sum that was read without waiting. */
  readonly sum: number;
  /** Why a provider was refused. */
  readonly refusal: string;
}

/** Starts the backend here and trains. */
export async function report(): Promise<Report> {
  let refusal = "";
  try {
    configureOnnx({ providers: ["webgpu"] });
  } catch (error) {
    refusal = (error as Error).message;
  }
  configureOnnx({ providers: ["cpu"], wasmFolder: "/onnxruntime" });
  const started = await tf.setBackend("onnx");
  return {
    started,
    refusal,
    losses: await train(),
    threads: (tf.backend() as OnnxBackend).options.session.threads,
    sum: tf.sum(tf.range(0, 100)).dataSync()[0]!,
  };
}
