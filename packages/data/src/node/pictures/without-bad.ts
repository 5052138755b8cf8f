import { type Dataset, type DdpmError, fail, isDdpmError } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import type { SkippedImage } from "../format.ts";

/**
 * Decodes every image once and leaves out those that fail.
 *
 * @param names what each image is called, [N]
 * @throws DdpmError when none decodes
 */
export async function withoutBad(
  set: Dataset,
  names: readonly string[],
): Promise<Dataset & { skipped: SkippedImage[] }> {
  const reasons = await Promise.all(
    names.map(async (_, index) => {
      try {
        await set.image(index);
        return undefined;
      } catch (error) {
        if (isUndecodable(error)) return error.message;
        throw error;
      }
    }),
  );
  const good = names.map((_, index) => index).filter((index) => reasons[index] === undefined);
  const skipped = names.flatMap((file, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [{ file, reason }];
  });
  if (good.length === 0) fail("data/images", `none of ${names.length} images decodes: ${reasons[0]}`);
  const { labels, captions } = set;
  return {
    ...set,
    length: good.length,
    ...(labels ? { labels: good.map((index) => labels[index]!) } : {}),
    ...(captions ? { captions: good.map((index) => captions[index]!) } : {}),
    fingerprint: fingerprint(set.fingerprint, JSON.stringify(skipped.map(({ file }) => file))),
    skipped,
    image: (index) => set.image(good[index] ?? fail("data/images", `image ${index} of ${good.length}.`)),
  };
}

/** Whether an error says that a picture does not decode. */
export function isUndecodable(error: unknown): error is DdpmError {
  return isDdpmError(error) && error.where === "data/decode";
}
