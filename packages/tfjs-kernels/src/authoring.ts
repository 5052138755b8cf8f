export type {
  AdamUpdateAttributes,
  Conv2DBiasAttributes,
  GroupNormAttributes,
  UnpackTensorsAttributes,
} from "./contract.ts";
export { coreCopies } from "./core-copies.ts";
