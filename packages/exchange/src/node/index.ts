export { type PipelineFolder, readFolder } from "./read-folder.ts";
export { readWeights, weightShapes } from "./read-weights.ts";
export { openWeights, type WeightsFile } from "./weights-file.ts";
