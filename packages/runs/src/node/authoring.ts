export { writeFileAtomic } from "./atomic.ts";
export type { Files } from "./files.ts";
export { makeFolder } from "./folder.ts";
export {
  imageStreamOf,
  isOwn,
  type OpenPreparedOptions,
  openImages,
  openPrepared,
  type Preparation,
  type PreparedImages,
  type PreparedPicture,
  plainStreamOf,
  type RunImages,
  readPicture,
  transformPicture,
  uprightSize,
} from "./images/index.ts";
export { loadNamedCheckpoint } from "./load.ts";
export { checkUnlocked, type FolderLock, whileLocked } from "./lock/index.ts";
