import { useEffect } from "preact/hooks";
import { status } from "./training.ts";

/** Milliseconds of the playback. */
const LENGTH = 2500;

/** Plays new paths once from noise to data, unless the visitor prefers less motion. */
export function usePlayback(shown: unknown, onProgress: (progress: number) => void): void {
  useEffect(() => {
    if (!shown || status.peek() !== "done" || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const began = performance.now();
    let frame = 0;
    const step = (now: number): void => {
      const progress = Math.min(1, (now - began) / LENGTH);
      onProgress(progress);
      if (progress < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [shown]);
}
