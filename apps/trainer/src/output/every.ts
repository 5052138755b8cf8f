/** Whether so many seconds have gone by since it last said yes; the first time it says yes. */
export function every(seconds: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now() / 1000;
    if (now - last < seconds) return false;
    last = now;
    return true;
  };
}

/** Seconds between two lines of progress: often enough to see life, seldom enough for a log file. */
export const PROGRESS_SECONDS = 10;
