export type { ReferenceAutoencoder } from "./autoencoder/reference-autoencoder.ts";
export {
  type Counterpart,
  type Families,
  type Family,
  type FamilyDefinition,
  family,
  type Options,
  type ReferenceNetwork,
} from "./family.ts";
export { argumentsOf, isSameNetwork, resolved } from "./network/arguments-of.ts";
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
export type { SchedulerParts } from "./pipeline/read-scheduler.ts";
export type { SampledRun, WrittenScheduler } from "./pipeline/write-scheduler.ts";
export { pointnetNames } from "./points/pointnet.ts";
export type { ReferenceTextModel } from "./text/reference-text-model.ts";
export type { StoredAs, TensorNames } from "./weights/names.ts";
