import type { Clip } from "./clip.ts";
import { norm } from "./norm.ts";

/** A number stands for the largest global Euclidean norm. */
export function clipOf(clip: Clip | number): Clip {
  return typeof clip === "number" ? norm({ maxNorm: clip }) : clip;
}
