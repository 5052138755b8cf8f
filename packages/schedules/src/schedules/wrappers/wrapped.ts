import type { NoiseSchedule, Spec } from "@ddpm/core";
import { z } from "zod";
import { unwrappedSchedules } from "../unwrapped.ts";

/** A schedule to wrap: itself, or the name or description of a built-in one that wraps nothing. */
export type Wrapped = NoiseSchedule | Spec;

/** Zod type behind {@link Wrapped}. */
export const wrappedShape: z.ZodType<Wrapped> = z.union([
  z.string(),
  z.custom<NoiseSchedule>((value) => typeof (value as Partial<NoiseSchedule> | null)?.at === "function"),
  z.looseObject({ name: z.string() }),
]);

/**
 * The schedule that is meant.
 *
 * @throws DdpmError for an unknown name or option
 */
export function baseOf(of: Wrapped): NoiseSchedule {
  if (typeof of === "object" && "at" in of && typeof of.at === "function") return of as NoiseSchedule;
  return unwrappedSchedules.create(of as Spec);
}
