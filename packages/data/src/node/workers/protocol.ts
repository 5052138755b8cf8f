import { DdpmError, isDdpmError } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import type { DecodedPicture } from "../../pictures/decoded-picture.ts";
import type { RowInput, RowPlan, Rows } from "../../stream/rows.ts";
import type { DecodeOptions } from "../pictures/decode.ts";

/** A picture to decode: its bytes, or the file that holds nothing else. */
export interface SentPicture {
  /** What messages call it; read from here where no bytes are given. */
  readonly file: string;
  readonly bytes?: Uint8Array | undefined;
}

/** Pictures to decode: several, since a message costs as much as a part of a small picture. */
export interface PicturesJob {
  readonly kind: "pictures";
  readonly look: DecodeOptions;
  readonly pictures: readonly SentPicture[];
}

/** What became of each picture of a {@link PicturesJob}. */
export type SentDecoded = DecodedPicture | { readonly error: SentError };

/** Images to crop, mirror, augment and scale. */
export interface RowsJob {
  readonly kind: "rows";
  readonly plan: RowPlan;
  readonly images: readonly RowInput[];
}

/** What a worker does, and what comes back. */
export interface Work {
  pictures: { readonly job: PicturesJob; readonly result: readonly SentDecoded[] };
  rows: { readonly job: RowsJob; readonly result: Rows };
}

/** Any job, with a number for its answer. */
export interface Request {
  readonly id: number;
  readonly job: Work[keyof Work]["job"];
}

/** The answer to the job with that number. */
export type Answer =
  | { readonly id: number; readonly result: Work[keyof Work]["result"] }
  | { readonly id: number; readonly error: SentError };

/** An error as it crosses between threads, where classes are lost. */
export interface SentError {
  readonly where: ErrorPlace | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}

/** The parts of an error. */
export function sentError(error: unknown): SentError {
  if (isDdpmError(error)) return { where: error.where, message: error.what, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { where: undefined, message, hint: undefined };
}

/** Puts an error together again: one of ours as one of ours. */
export function receivedError({ where, message, hint }: SentError): Error {
  return where === undefined ? new Error(message) : new DdpmError(where, message, hint);
}
