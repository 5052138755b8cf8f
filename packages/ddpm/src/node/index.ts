/**
 * Models and images on a disk: for programs in Node.
 *
 * @packageDocumentation
 */
export { openDataset } from "@ddpm/data/node";
export { loadDiffusers } from "./load-diffusers.ts";
export { loadRun } from "./load-run.ts";
export { loadModel, saveModel } from "./model-folder.ts";
