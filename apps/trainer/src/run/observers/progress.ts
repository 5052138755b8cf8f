import type { Watched } from "./observer.ts";

/** Reports how far an observer's own work is, from now on. */
export function progressOf(
  { reporter }: Pick<Watched, "reporter">,
  total: number,
  unit: string,
  note: string,
): (done: number) => void {
  const started = performance.now();
  return (done) => {
    const perSecond = (1000 * done) / (performance.now() - started);
    if (done < total) reporter.progress({ done, total, unit, perSecond, note, values: {} });
  };
}

/** Reports the steps of a sampling run. */
export function stepsOf(
  watched: Pick<Watched, "reporter">,
  note: string,
): (step: number, of: number) => void {
  let report: ((done: number) => void) | undefined;
  return (step, of) => {
    report ??= progressOf(watched, of, "steps", note);
    report(step);
  };
}
