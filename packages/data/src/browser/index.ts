export { formats } from "../formats/index.ts";
export { decodePicture } from "./decode-picture.ts";
export { droppedFiles, type GivenFile, givenFiles } from "./given-files.ts";
export { type OpenedFiles, type OpenFilesOptions, openFiles } from "./open-files.ts";
