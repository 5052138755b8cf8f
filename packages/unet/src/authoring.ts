export { groupCount } from "./layers/group-norm.ts";
export { ditShape } from "./nets/dit.ts";
export { labmlWidths } from "./nets/labml.ts";
export { type LevelKind, upTypeOf } from "./nets/unet2d/kinds.ts";
export { skipGroups } from "./nets/unet2d/parts.ts";
export { type CompleteConfig, type Structure, structureOf } from "./nets/unet2d/structure.ts";
export { type Channels, channelsOf } from "./reference-channels.ts";
