export type { AdapterInfo } from "./adapter.ts";
export type { StartedBackend } from "./backend.ts";
export { type BackendOptions, chooseBackend, type PassedOver } from "./choose.ts";
export { reasonOf } from "./reason-of.ts";
export { select } from "./select.ts";
