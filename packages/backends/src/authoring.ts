export type { AdapterInfo } from "./adapter.ts";
export type { BackendOptions, StartedBackend } from "./backend.ts";
export { chooseBackend, type PassedOver } from "./choose.ts";
export { reasonOf } from "./reason-of.ts";
export { select } from "./select.ts";
