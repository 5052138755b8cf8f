export { float32, integers } from "./convert.ts";
export type { SafeTensor } from "./dtypes.ts";
export type { Safetensors } from "./read.ts";
export { readSafetensors } from "./read.ts";
export { fromTensors, toTensors } from "./tensors.ts";
export { safetensorsChunks, writeSafetensors } from "./write.ts";
