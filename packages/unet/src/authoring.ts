export { groupCount } from "./layers/group-norm.ts";
export { ditShape } from "./nets/dit.ts";
export { labmlWidths } from "./nets/labml.ts";
export { skipGroups } from "./nets/unet2d-parts.ts";
