export { type DecodedPicture, decodePicture, type Look } from "./decode-picture.ts";
export { droppedFiles, type GivenFile, givenFiles } from "./given-files.ts";
export { type OpenedFiles, type OpenFilesOptions, openFiles } from "./open-files.ts";
export type { PictureOptions } from "./picture-set.ts";
export { type PrivateCache, privateCache } from "./private-cache.ts";
