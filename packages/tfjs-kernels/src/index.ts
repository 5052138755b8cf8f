/**
 * Names and attributes of fused kernels; the kernels themselves are in `/wasm` and `/webgpu`.
 *
 * @packageDocumentation
 */
export {
  ADAM_UPDATE,
  CONV2D_BIAS,
  CONV2D_BIAS_GRAD,
  GROUP_NORM,
  GROUP_NORM_GRAD,
  PACK_TENSORS,
  SILU,
  SILU_GRAD,
  UNPACK_TENSORS,
  WEIGHTED_SUM,
} from "./contract.ts";
