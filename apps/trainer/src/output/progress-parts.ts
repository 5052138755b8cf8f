import { formatCount, formatDuration, formatRate } from "@ddpm/core/authoring";
import type { Progress } from "./reporter.ts";

/** How far a work is, in words: `800/3,200 images`, then its rate and the time left, where they are known. */
export function progressParts({ done, total, unit, perSecond = 0 }: Progress): string[] {
  const far = `${formatCount(done)}/${formatCount(total)} ${unit}`;
  if (!(perSecond > 0 && Number.isFinite(perSecond))) return [far];
  return [far, formatRate(perSecond, unit), `${formatDuration((total - done) / perSecond)} left`];
}
