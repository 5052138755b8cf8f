import { type NoiseSchedule, option, type Spec } from "@ddpm/core";
import type { Option } from "@ddpm/core/authoring";
import { unwrappedSchedules } from "../unwrapped.ts";

/** A schedule to wrap: itself, or the name or description of a built-in one that wraps nothing. */
export type Wrapped = NoiseSchedule | Spec;

/** Type of the option behind {@link Wrapped}. */
export const wrappedShape: Option<Wrapped> = option.custom(
  "a schedule, its name, or its name with options",
  (value) => {
    if (typeof value === "string") return true;
    const { at, name } = (value ?? {}) as { readonly at?: unknown; readonly name?: unknown };
    return typeof at === "function" || typeof name === "string";
  },
);

/**
 * The schedule that is meant.
 *
 * @throws DdpmError for an unknown name or option
 */
export function baseOf(of: Wrapped): NoiseSchedule {
  if (typeof of === "object" && "at" in of && typeof of.at === "function") return of as NoiseSchedule;
  return unwrappedSchedules.create(of as Spec);
}
