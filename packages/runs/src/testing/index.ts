export { type StorageCheck, storageSuite } from "./storage-suite.ts";
