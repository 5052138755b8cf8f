import { fail, type ImageStream } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";
import { fingerprint } from "@ddpm/core/authoring";
import { tokenRows } from "./token-rows.ts";

/**
 * A stream whose images have their captions as rows of ids, for a denoiser of `withText`.
 *
 * @throws DdpmError from `read` for images without captions, captions with words that the tokenizer refuses, and captions that do
 *   not fit a row
 */
export function withTokens<Stream extends ImageStream>(stream: Stream, tokenizer: Tokenizer): Stream {
  return {
    ...stream,
    fingerprint: fingerprint(stream.fingerprint, tokenizer.name, tokenizer.size, tokenizer.length),
    async read(first, count) {
      const images = await stream.read(first, count);
      return { ...images, tokens: captionTokens(images.captions, tokenizer) };
    },
  };
}

/**
 * Captions as rows of ids, [N, L] row by row.
 *
 * @throws DdpmError for captions that are not there, words that the tokenizer refuses, and captions that do not fit a row
 */
export function captionTokens(captions: readonly string[] | undefined, tokenizer: Tokenizer): Int32Array {
  if (!captions)
    fail(
      "text/with-tokens",
      "the images have no captions.",
      "Take a set that has them; those of files are read with captions=true.",
    );
  const { ids, cut } = tokenRows(tokenizer, captions);
  const long = cut.findIndex((lost) => lost > 0);
  if (long !== -1)
    fail(
      "text/with-tokens",
      `the caption ${JSON.stringify(captions[long])} is ${cut[long]} ids too long for a row of ${tokenizer.length}.`,
      "Take a tokenizer with longer rows.",
    );
  return ids;
}
