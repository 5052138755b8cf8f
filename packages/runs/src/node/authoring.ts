export { writeFileAtomic } from "./atomic.ts";
export type { Files } from "./files.ts";
export { makeFolder } from "./folder.ts";
export { loadNamedCheckpoint } from "./load.ts";
export { checkUnlocked, type FolderLock, whileLocked } from "./lock/index.ts";
