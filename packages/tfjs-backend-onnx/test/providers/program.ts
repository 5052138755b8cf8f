/** Trains on the execution providers named in the arguments and prints the losses. */
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { configureOnnx } from "../../src/index.ts";
import { train } from "../browser/train.ts";

configureOnnx({ providers: process.argv.slice(2) });
const started = await tf.setBackend("onnx");
console.log(JSON.stringify({ started, losses: started ? await train(3) : [] }));
process.exit();
