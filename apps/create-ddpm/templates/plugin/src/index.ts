export { midpoint } from "./midpoint.ts";
export { ramp } from "./ramp.ts";
export { tiny } from "./tiny.ts";
