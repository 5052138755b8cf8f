import * as z from "zod";
import type { Progress } from "./progress.ts";

/** The unit of a learning rate's lengths. */
export type Unit = "updates" | "images" | "epochs";

/** Option `unit`, shared by every rate that changes with time. */
export const unitOption: z.ZodDefault<z.ZodEnum<{ updates: "updates"; images: "images"; epochs: "epochs" }>> =
  z.enum(["updates", "images", "epochs"]).default("updates").describe("what lengths are counted in");

/** Option `rate`, shared by all. */
export const rateOption: z.ZodDefault<z.ZodNumber> = z.number().min(0).default(1e-4).describe("full rate");

/** Option `warmup`, shared by all that have one. */
export const warmupOption: z.ZodDefault<z.ZodNumber> = z
  .number()
  .min(0)
  .default(0)
  .describe("units in which the rate grows in a straight line");

/** Option `start`, shared by all that have a warm-up. */
export const startOption: z.ZodDefault<z.ZodNumber> = z
  .number()
  .min(0)
  .default(0)
  .describe("share of the full rate that the warm-up grows from");

/** Option `length`, shared by all that end. */
export const lengthOption: z.ZodOptional<z.ZodNumber> = z
  .number()
  .positive()
  .optional()
  .describe("units until the end, warm-up included; the whole training when left out");

/** Units behind us before this update; whole ones for epochs. */
export function elapsed(unit: Unit, { update, images, epoch }: Progress): number {
  if (unit === "updates") return update - 1;
  return unit === "images" ? images : Math.floor(images / epoch);
}

/** Units of the whole training. */
export function whole(unit: Unit, { until, batch, epoch }: Progress): number {
  if (unit === "images") return until;
  return Math.ceil(until / (unit === "updates" ? batch : epoch));
}

/** Share of the full rate during a warm-up from the share `start`, 1 after it. */
export function ramp(n: number, warmup: number, start = 0): number {
  return n < warmup ? start + (1 - start) * (n / warmup) : 1;
}

/** Share of the way from the end of the warm-up to the end of training; may pass 1. */
export function share(n: number, warmup: number, length: number): number {
  return (n - warmup) / Math.max(length - warmup, 1);
}
