export { AUGMENT_LABELS, type Augmentation, drawAugmentation } from "./augment/edm.ts";
export type { Affine } from "./augment/matrix.ts";
export { warped } from "./augment/warp.ts";
export { gunzip, isGzip } from "./bytes/gunzip.ts";
export { cached } from "./datasets/cached.ts";
export { fingerprint } from "./datasets/fingerprint.ts";
export { heldOutSplit, type Split } from "./datasets/held-out-split.ts";
export { type NotUsed, notUsedInWords } from "./datasets/not-used.ts";
export { embeddedSets } from "./embedded/index.ts";
export type { PointOptions } from "./embedded/point-set.ts";
export { checkerboard } from "./embedded/points/checkerboard.ts";
export { gaussians } from "./embedded/points/gaussians.ts";
export { moons } from "./embedded/points/moons.ts";
export { spiral } from "./embedded/points/spiral.ts";
export { type ShapesOptions, shapes } from "./embedded/shapes.ts";
export {
  type CifarDatasetOptions,
  type CifarFile,
  type CifarVariant,
  cifarDataset,
} from "./formats/cifar.ts";
export { type Idx, type IdxType, isIdx, parseIdx, readIdx } from "./formats/idx.ts";
export { type IdxDatasetOptions, idxDataset } from "./formats/idx-dataset.ts";
export { type IdxChoice, type IdxFiles, type IdxName, idxFiles, idxName } from "./formats/idx-files.ts";
export { type KnownSet, knownSet } from "./formats/known-sets.ts";
export { isNpy, type Npy, parseNpy } from "./formats/npy.ts";
export { type NpyDatasetOptions, npyDataset } from "./formats/npy-dataset.ts";
export { classNumber, classNumbers } from "./labels/class-number.ts";
export { type ClassSubset, classSubset } from "./labels/class-subset.ts";
export { inClasses } from "./labels/in-classes.ts";
export { classesInWords, classesWithImages, type NamedClass, namedClass } from "./labels/named-class.ts";
export { kindByContent, kindByEnding, type PictureKind } from "./pictures/picture-kind.ts";
export { resized } from "./pictures/resized.ts";
export type { RowInput, RowPlan, Rows, RowWorkers } from "./stream/rows.ts";
export {
  type AugmentedStream,
  type ImageStreamOptions,
  imageStream,
  type StreamImages,
} from "./stream/stream.ts";
