import { createRequire } from "node:module";

// The build puts the gradients of tfjs-core here, compiled for Node (tools/tfjs-gradients.mjs); in this repository the union
// package, which has the same ones, registers them.
createRequire(import.meta.url)("@tensorflow/tfjs");
