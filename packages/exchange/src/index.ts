export { families } from "./families/index.ts";
export {
  type Counterpart,
  type Families,
  type Family,
  type FamilyDefinition,
  family,
  type ReferenceNetwork,
} from "./family.ts";
export { argumentsOf, checkSameNetwork, isSameNetwork, resolved } from "./network/arguments-of.ts";
export type { StoredAs, TensorNames } from "./weights/names.ts";
export { exportWeights, importWeights } from "./weights/transfer.ts";
