export { writeFileAtomic } from "./atomic.ts";
export type { Files } from "./files.ts";
export { makeFolder } from "./folder.ts";
export { fsStorage } from "./fs.ts";
export { loadNamedCheckpoint } from "./load.ts";
export { checkUnlocked, type FolderLock, lockFolder, whileLocked } from "./lock/index.ts";
