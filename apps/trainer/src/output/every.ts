/** Whether so many seconds have passed since the last call that returned true; true at the first call. */
export function every(seconds: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now() / 1000;
    if (now - last < seconds) return false;
    last = now;
    return true;
  };
}

/** Seconds between two lines of progress: often enough to see that it runs, seldom enough for a log file. */
export const PROGRESS_SECONDS = 10;
