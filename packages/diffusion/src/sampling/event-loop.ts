/** Milliseconds after which a loop yields to the event loop. */
const LONGEST = 50;

/**
 * Yields to the event loop from time to time, so that timers, signals and the page stay responsive in a loop whose
 * promises are all settled already.
 *
 * @returns to be awaited once per step; it yields when 50 ms have passed since it last did
 */
export function eventLoopYielder(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
