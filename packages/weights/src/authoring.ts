export type { DType, DTypeArray, DTypeArrays } from "./dtypes.ts";
export { DTYPE_NAMES } from "./dtypes.ts";
export { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./half.ts";
export type { Header, HeaderEntry } from "./header.ts";
export { HEADER_LIMIT, readHeader } from "./header.ts";
export type { Layout, ShapedNumbers } from "./layouts.ts";
export {
  conv1d,
  conv2d,
  convTranspose2d,
  depthwise,
  identity,
  linear,
  permute,
  pointwise,
} from "./layouts.ts";
