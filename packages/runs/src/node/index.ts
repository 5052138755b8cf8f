export { fsStorage } from "./fs.ts";
export { lockFolder } from "./lock/index.ts";
