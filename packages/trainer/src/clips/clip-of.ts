import type { Clip } from "./clip.ts";
import { normClip } from "./norm.ts";

/** A number stands for the largest global Euclidean norm. */
export function clipOf(clip: Clip | number): Clip {
  return typeof clip === "number" ? normClip({ largest: clip }) : clip;
}
