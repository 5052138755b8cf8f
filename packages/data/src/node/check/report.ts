import type { NotUsed } from "../../datasets/not-used.ts";

/** What {@link checkDataset} found. */
export interface DatasetReport {
  readonly path: string;
  readonly name: string;
  /** Which of the formats it is. */
  readonly format: string;
  readonly images: number;
  /** Rows and columns, by how many images have them; the commonest first, at most 20. */
  readonly sizes: readonly CountedSize[];
  /** How many different sizes there are. */
  readonly differentSizes: number;
  readonly smallestSide: number;
  readonly largestSide: number;
  /** Encodings (`jpeg`, `png` …, or `raw`), kinds of colour (`srgb`, `cmyk`, `b-w`, `rgba` …) and depths, by count. */
  readonly encodings: Readonly<Record<string, number>>;
  readonly colours: Readonly<Record<string, number>>;
  readonly depths: Readonly<Record<string, number>>;
  /** Images per class; undefined where there are no classes. */
  readonly classes: readonly { readonly name: string; readonly images: number }[] | undefined;
  /** What is there too and is not used, and why: lists, other splits, files of other kinds. */
  readonly notUsed: readonly NotUsed[];
  /** What does not decode, and why. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  /** Images that are the same byte for byte, each group once; the first name of a group is the one to keep. */
  readonly duplicates: readonly (readonly string[])[];
  /** Whether training may flip its images. */
  readonly flippable: boolean;
  readonly fingerprint: string;
}

/** A size and how many images have it. */
export interface CountedSize {
  readonly height: number;
  readonly width: number;
  readonly images: number;
}
