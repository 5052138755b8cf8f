import { linearTicks, logTicks, tickLabels } from "@ddpm/viz/authoring";

/** From numbers to places on the page, and the ticks. */
export interface Axis {
  place(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** An axis with evenly spaced numbers, at most `most` intervals between them. */
export function linearAxis(low: number, high: number, from: number, to: number, most: number): Axis {
  const span = high - low || 1;
  return {
    place: (value) => from + ((value - low) / span) * (to - from),
    ticks: labelled(linearTicks(low, low + span, most), false),
  };
}

/** A logarithmic axis, with at most `most` ticks: at powers of ten, and between them where there are few. */
export function logAxis(low: number, high: number, from: number, to: number, most: number): Axis {
  const [a, b] = [Math.log10(low), Math.log10(high)];
  const span = b - a || 1;
  return {
    place: (value) => from + ((Math.log10(value) - a) / span) * (to - from),
    ticks: labelled(logTicks(low, high, most), true),
  };
}

function labelled(values: readonly number[], log: boolean): Axis["ticks"] {
  const labels = tickLabels(values, log);
  return values.map((value, i) => ({ value, label: labels[i]! }));
}
