export { AUGMENT_LABELS, type Augmentation, drawAugmentation } from "./augment/edm.ts";
export { warped } from "./augment/warp.ts";
export { gunzip } from "./bytes/gunzip.ts";
export type { Split } from "./datasets/held-out-split.ts";
export { type NotUsed, notUsedInWords } from "./datasets/not-used.ts";
export { type CaptionedShapesOptions, drawCaption } from "./embedded/captioned-shapes.ts";
export type { PointOptions } from "./embedded/point-set.ts";
export type { ShapesOptions } from "./embedded/shapes.ts";
export type { ArchivesOptions } from "./formats/archives.ts";
export type { CifarOptions } from "./formats/cifar.ts";
export type {
  DataFormat,
  ImageSettings,
  Place,
  ReadLimits,
  StoredArrays,
  StoredPictures,
} from "./formats/format.ts";
export type { IdxOptions } from "./formats/idx.ts";
export type { ImagesOptions } from "./formats/images.ts";
export type { NpyOptions } from "./formats/npy.ts";
export type { ParquetOptions } from "./formats/parquet.ts";
export type { PictureOptions } from "./formats/picture-options.ts";
export type { TinyImagenetOptions } from "./formats/tiny-imagenet.ts";
export type { WebdatasetOptions } from "./formats/webdataset.ts";
export { classNumber, classNumbers } from "./labels/class-number.ts";
export type { ClassSubset } from "./labels/class-subset.ts";
export { classesInWords, classesWithImages, type NamedClass, namedClass } from "./labels/named-class.ts";
export type { Contents } from "./listing/contents.ts";
export type { Kind } from "./listing/kind.ts";
export type { ListedFile, Listing } from "./listing/listing.ts";
export type { CifarDatasetOptions, CifarFile, CifarVariant } from "./parsers/cifar.ts";
export { type Idx, type IdxType, parseIdx, readIdx } from "./parsers/idx.ts";
export type { IdxDatasetOptions } from "./parsers/idx-dataset.ts";
export { type IdxChoice, type IdxName, idxName } from "./parsers/idx-files.ts";
export { type KnownSet, knownSet } from "./parsers/known-sets.ts";
export type { Npy } from "./parsers/npy.ts";
export { parseNpy } from "./parsers/npy.ts";
export type { NpyDatasetOptions } from "./parsers/npy-dataset.ts";
export { kindByContent, kindByEnding, type PictureKind } from "./pictures/picture-kind.ts";
export { type Attribute, shownAttributes } from "./scenes/shown-attributes.ts";
export type { RowInput, RowPlan, Rows, RowWorkers } from "./stream/rows.ts";
export type { AugmentedStream, ImageStreamOptions, StreamImages } from "./stream/stream.ts";
