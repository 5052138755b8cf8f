import type { Plugin } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { tensorflow } from "./tensorflow.ts";

/** TensorFlow's C library on CUDA, when its native half is there. */
export const nodeGpu: Plugin<{ threads?: number }, Backend> = tensorflow(
  "node-gpu",
  "@tensorflow/tfjs-node-gpu",
  "TensorFlow's C library with CUDA 11; optional, its installer downloads the library",
);
