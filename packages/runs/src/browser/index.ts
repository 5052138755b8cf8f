export { type OpfsStorage, opfsStorage } from "./opfs.ts";
