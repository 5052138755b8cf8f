import type { Watched } from "./observer.ts";

/** Reports how far an observer's own work is; its rate is that since the first report. */
export function progressOf(
  { reporter }: Pick<Watched, "reporter">,
  total: number,
  unit: string,
  note: string,
): (done: number) => void {
  let first: { readonly done: number; readonly at: number } | undefined;
  return (done) => {
    const now = performance.now();
    first ??= { done, at: now };
    const timed = done - first.done;
    const pace = timed > 0 ? { perSecond: (1000 * timed) / (now - first.at) } : {};
    if (done < total) reporter.progress({ done, total, unit, ...pace, note, values: {} });
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
