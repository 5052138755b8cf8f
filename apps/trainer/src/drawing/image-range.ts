import type { Images } from "@ddpm/core";
import type { RunConfig } from "@ddpm/runs";

/** The range of a run's images. */
export function clipRange({ data }: Pick<RunConfig, "data">): { min: number; max: number } {
  return data.range === "unit" ? { min: 0, max: 1 } : { min: -1, max: 1 };
}

/** Mid-grey in the range of a run's images. */
export function greyOf({ range }: RunConfig["data"]): number {
  return range === "unit" ? 0.5 : 0;
}

/** Images in the range of a run, in [−1, 1], which is what pictures are drawn from. */
export function symmetric(images: Images, { range }: Pick<RunConfig["data"], "range">): Images {
  return range === "unit" ? { ...images, data: images.data.map((value) => value * 2 - 1) } : images;
}
