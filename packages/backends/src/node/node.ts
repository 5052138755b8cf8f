import type { Plugin } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { tensorflow } from "./tensorflow.ts";

/** TensorFlow's C library on the CPU, when its native half is there. */
export const node: Plugin<{ threads?: number }, Backend> = tensorflow(
  "node",
  "@tensorflow/tfjs-node",
  "TensorFlow's C library on the CPU; optional, its installer downloads the library",
);
