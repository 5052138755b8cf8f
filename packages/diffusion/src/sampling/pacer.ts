/** Longest time in milliseconds for which nothing else gets a turn, one step aside. */
const BREATH = 50;

/**
 * Lets timers, signals and the page have their turn every so often in a loop that never waits for them: a promise that is
 * already settled, such as a tensor that lies in memory, gives way to other promises only.
 *
 * @returns to be awaited once per step; it costs nothing until 50 ms have gone by since the last pause
 */
export function pacer(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
