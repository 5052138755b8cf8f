export { imageStreamOf, openImages, plainStreamOf, type RunImages } from "./open-images.ts";
export { isOwn, type OpenPreparedOptions, openPrepared, type PreparedImages } from "./open-prepared.ts";
export { readPicture } from "./picture-file.ts";
export { type Preparation, transformPicture, uprightSize } from "./picture-transform.ts";
export type { PreparedPicture } from "./prepared-picture.ts";
