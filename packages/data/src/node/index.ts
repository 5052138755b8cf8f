export { type Decoded, type DecodeOptions, decodeImage } from "./decode.ts";
export type { DataFormat, OpenedDataset, SkippedImage } from "./format.ts";
export { type IdxOptions, idx } from "./formats/idx.ts";
export { type ImagesOptions, images } from "./formats/images.ts";
export { formats } from "./formats.ts";
export { type OpenChoice, type OpenOptions, openDataset } from "./open.ts";
export { type Place, placeAt } from "./place.ts";
