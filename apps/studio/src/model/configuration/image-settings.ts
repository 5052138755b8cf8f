import type { RunConfig } from "@ddpm/runs";
import * as z from "zod";

type Data = RunConfig["data"];

/** Height and width of images, from a side or both. */
export function sidesOf(size: number | readonly [number, number]): readonly [height: number, width: number] {
  return typeof size === "number" ? [size, size] : size;
}

const sizeSchema = z.union([z.int(), z.tuple([z.int(), z.int()])]).optional();

/** The size of a run's images, where its configuration gives one. */
export function sizeOf({ size }: Data): number | readonly [number, number] | undefined {
  return sizeSchema.parse(size);
}

/** The ends of the range of a run's images. */
export function rangeOf({ range }: Pick<Data, "range">): { readonly min: number; readonly max: number } {
  return range === "unit" ? { min: 0, max: 1 } : { min: -1, max: 1 };
}

/** How a run's own pictures are prepared: of its settings what browsers do, too. */
export function lookOf({ fit, background }: Data): {
  readonly fit: "crop" | "stretch";
  readonly background: readonly [number, number, number];
} {
  const colour = Array.isArray(background) && background.length === 3 ? background : [255, 255, 255];
  return {
    fit: fit === "stretch" ? "stretch" : "crop",
    background: colour as unknown as readonly [number, number, number],
  };
}
