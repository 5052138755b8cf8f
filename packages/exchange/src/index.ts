export { families } from "./families/index.ts";
export {
  type Counterpart,
  type Families,
  type Family,
  type FamilyDefinition,
  family,
  type Options,
  type ReferenceNetwork,
} from "./family.ts";
export { argumentsOf, checkSameNetwork, isSameNetwork, resolved } from "./network/arguments-of.ts";
export { familySpec } from "./network/family-spec.ts";
export { argumentThatFits, unconfirmedArguments } from "./network/other-arguments.ts";
export { usualParameterization, usualSchedule, usualSpacing } from "./network/trained-with.ts";
export {
  checkFolder,
  type ExportedFiles,
  type ExportRequest,
  exportedFiles,
  jsonText,
} from "./pipeline/files.ts";
export { type FolderLayout, layoutOf, PIPELINE } from "./pipeline/layout.ts";
export { readScheduler, type SchedulerParts } from "./pipeline/read-scheduler.ts";
export { type SampledRun, type WrittenScheduler, writeScheduler } from "./pipeline/write-scheduler.ts";
export { chooseWeights } from "./weights/choose.ts";
export type { StoredAs, TensorNames } from "./weights/names.ts";
export { exportWeights, importWeights } from "./weights/transfer.ts";
