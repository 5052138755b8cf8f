/** Rows, columns and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Some samples of any shape in memory, channels last. */
export interface Samples {
  /** [B, …, C]; of images in [−1, 1]. */
  readonly data: Float32Array;
  /** [B, …, C] */
  readonly shape: readonly number[];
  /** Class per sample, [B], where the source has classes. */
  readonly labels?: Int32Array;
  /** What each sample shows in words, [B], where the source has captions. */
  readonly captions?: readonly string[];
  /** The captions as rows of ids, [B, L] row by row: `condition.tokens` of networks with a text model of their own. */
  readonly tokens?: Int32Array;
  /** What was done to each sample by augmentation, [B, N] row by row: `condition.vector` of networks that are conditioned on it. */
  readonly augmentLabels?: Float32Array;
}

/** Some images in memory, rows of pixels, channels last: [B, H, W, C] in [−1, 1]. */
export interface Images extends Samples {
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
}

/** A finite set of images of one size, as bytes. */
export interface Dataset {
  readonly name: string;
  /** Number of images. */
  readonly length: number;
  readonly shape: ImageShape;
  /** Class names, by label. */
  readonly classes?: readonly string[];
  /** The label of every image, [N], where they are known without decoding; the same as {@link image} gives. */
  readonly labels?: Int32Array | readonly number[];
  /** Whether every image has a caption. Default false. */
  readonly captioned?: boolean;
  /** The caption of every image, [N], where they are known without decoding; the same as {@link image} gives. */
  readonly captions?: readonly string[];
  /** Whether a mirror image means the same; false for digits and letters, which are never flipped. Default true. */
  readonly flippable?: boolean;
  /** Changes when the content does: caches and checkpoints compare it. */
  readonly fingerprint: string;
  /**
   * Image `index`: pixels 0 … 255, [H, W, C], and its label.
   *
   * @throws DdpmError naming the file, when it does not decode
   */
  image(index: number): DatasetImage | Promise<DatasetImage>;
  /**
   * Which attributes of a caption an image shows, for sets whose captions can be checked.
   *
   * @param pixels 0 … 255, of the set's shape
   * @throws DdpmError for a text that is no caption of the set
   */
  shownAttributes?(caption: string, pixels: DatasetImage["pixels"]): readonly CaptionAttribute[];
}

/** One property that a caption asks for, and whether an image shows it. */
export interface CaptionAttribute {
  /** What kind of property: "colour", "number" … */
  readonly kind: string;
  /** As the caption has it: "red", "two" … */
  readonly expected: string;
  readonly shown: boolean;
}

/** One image of a {@link Dataset}. */
export interface DatasetImage {
  /** 0 … 255, [H, W, C]. */
  readonly pixels: Uint8Array | Uint8ClampedArray;
  /**
   * [H, W, C], for sets that are finer than bytes, such as points in the plane: 1 is what 255 is to pixels, −1 what 0
   * is, and values may be beyond. Where present, these count and the pixels are only their rounding.
   */
  readonly values?: Float32Array;
  readonly label?: number;
  /** What it shows in words. */
  readonly caption?: string;
}

/**
 * An endless, shuffled, augmented stream of training samples of any shape in which number k is a pure function of
 * (seed, k): whatever read it, whenever, however batches are cut. So a resumed run needs only the number of
 * samples seen.
 */
export interface SampleStream {
  /** […, C] of one sample. */
  readonly shape: readonly number[];
  readonly classes?: readonly string[];
  /** The labels of the set, in no order, where they are known without decoding. */
  readonly labels?: Int32Array | readonly number[];
  /** Samples per epoch. */
  readonly length: number;
  /** Identifies source, order and augmentation. */
  readonly fingerprint: string;
  /** Samples `first … first + count − 1` of the stream. */
  read(first: number, count: number): Promise<Samples>;
  /** Stops workers and closes files. */
  close?(): Promise<void>;
}

/** A {@link SampleStream} of images. */
export interface ImageStream extends SampleStream {
  readonly shape: ImageShape;
  read(first: number, count: number): Promise<Images>;
}
