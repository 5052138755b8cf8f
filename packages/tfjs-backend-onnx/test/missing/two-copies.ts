/** A project whose own tfjs-core, another file than the one of the packages, was loaded first. */
import { createRequire } from "node:module";
import type * as TensorFlow from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core/dist/tf-core.js") as typeof TensorFlow;
await import("../../src/index.ts");
const started = await tf.setBackend("onnx");
console.log(started, tf.add(1, 2).dataSync()[0]);
