export { autoencoderFamilies } from "./autoencoder/index.ts";
export { families } from "./families/index.ts";
export { readScheduler } from "./pipeline/read-scheduler.ts";
export { writeScheduler } from "./pipeline/write-scheduler.ts";
export { textFamilies } from "./text/index.ts";
export { exportWeights, importWeights } from "./weights/transfer.ts";
