export { AUGMENT_LABELS, type Augmentation, drawAugmentation } from "./augment/edm.ts";
export type { Affine } from "./augment/matrix.ts";
export { warped } from "./augment/warp.ts";
export { cached } from "./cached.ts";
export {
  type CifarDatasetOptions,
  type CifarFile,
  type CifarVariant,
  cifarDataset,
} from "./cifar.ts";
export { classNumber, classNumbers } from "./class-number.ts";
export { type ClassSubset, classSubset } from "./class-subset.ts";
export { embeddedSets } from "./embedded.ts";
export { fingerprint } from "./fingerprint.ts";
export { gunzip, isGzip } from "./gunzip.ts";
export { heldOutSplit, type Split } from "./held-out-split.ts";
export { type Idx, type IdxType, isIdx, parseIdx, readIdx } from "./idx.ts";
export { type IdxDatasetOptions, idxDataset } from "./idx-dataset.ts";
export { type IdxChoice, type IdxFiles, type IdxName, idxFiles, idxName } from "./idx-files.ts";
export { inClasses } from "./in-classes.ts";
export { type KnownSet, knownSet } from "./known-sets.ts";
export { classesInWords, classesWithImages, type NamedClass, namedClass } from "./named-class.ts";
export { type NotUsed, notUsedInWords } from "./not-used.ts";
export { isNpy, type Npy, parseNpy } from "./npy.ts";
export { type NpyDatasetOptions, npyDataset } from "./npy-dataset.ts";
export { kindByContent, kindByEnding, type PictureKind } from "./picture-kind.ts";
export type { PointOptions } from "./point-set.ts";
export { checkerboard } from "./points/checkerboard.ts";
export { gaussians } from "./points/gaussians.ts";
export { moons } from "./points/moons.ts";
export { spiral } from "./points/spiral.ts";
export { resized } from "./resized.ts";
export type { RowInput, RowPlan, Rows, RowWorkers } from "./rows.ts";
export { type ShapesOptions, shapes } from "./shapes.ts";
export { type AugmentedStream, type ImageStreamOptions, imageStream, type StreamImages } from "./stream.ts";
