import type { Dataset, DatasetImage } from "@ddpm/core";

/** Decodes images before they are asked for. */
export interface Prefetcher {
  /** An image, begun earlier or now. */
  take(index: number): DatasetImage | Promise<DatasetImage>;
  /** Begins these and forgets all others; a failure shows only when its image is taken. */
  begin(indices: readonly number[]): void;
}

/** A {@link Prefetcher} that holds no more than the images last begun. */
export function prefetcher(dataset: Dataset): Prefetcher {
  let begun = new Map<number, DatasetImage | Promise<DatasetImage>>();
  return {
    take: (index) => begun.get(index) ?? dataset.image(index),
    begin(indices) {
      const next: typeof begun = new Map();
      for (const index of indices) {
        if (next.has(index)) continue;
        const image = begun.get(index) ?? dataset.image(index);
        if (image instanceof Promise) image.catch(() => undefined);
        next.set(index, image);
      }
      begun = next;
    },
  };
}
