import type { Dataset, ImageStream } from "@ddpm/core";
import { type ClassSubset, classSubset, embeddedSets, imageStream } from "@ddpm/data";
import { openDataset } from "@ddpm/data/node";
import type { RunConfig } from "../config/schema.ts";

/**
 * Opens what a configuration names: an embedded set, or files. Settings of `data` that are not the stream's are
 * options of the set or the format.
 *
 * @param say told what people should know: how many images were left out, say
 * @throws DdpmError when it is missing, empty or broken, or does not take an option
 */
export async function openImages(data: RunConfig["data"], say: (text: string) => void): Promise<Dataset> {
  const { source, format, flip: _flip, range: _range, ...options } = data;
  if (embeddedSets.names.includes(source)) {
    const { classes, relabel, ...own } = options as typeof options & ClassSubset;
    return classSubset(embeddedSets.create({ ...own, name: source }), { classes, relabel });
  }
  const dataset = await openDataset(source, { ...options, format });
  const skipped = dataset.skipped ?? [];
  if (skipped.length > 0) {
    const named = skipped.slice(0, 5).map(({ file }) => file);
    say(
      `left out ${skipped.length} images that do not decode: ${named.join(", ")}${skipped.length > 5 ? " …" : ""}`,
    );
  }
  return dataset;
}

/** The training stream of a run. */
export function imageStreamOf(
  dataset: Dataset,
  { seed, data: { flip, range } }: Pick<RunConfig, "seed" | "data">,
): ImageStream {
  return imageStream(dataset, { seed, range, ...(flip === undefined ? {} : { flip }) });
}
