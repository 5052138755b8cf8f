import { linearTicks, logTicks, niceStep, tickLabels } from "./ticks.ts";

/** Values this close, relative to their size, are one value: room is made around it. */
const ALIKE = 1e-9;

/** Below this, steps between numbers are lost. */
const TINY = 1e-290;

/** The part of an axis that is drawn, as shares of its length: 0 is where it begins, 1 where it ends. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/**
 * The scale for an axis that spans these values. Linear axes begin at 0 where the data nearly does.
 *
 * @param values all that must be visible: at least one, finite, above 0 where `log`
 * @param log    whether places are powers of ten
 * @param tight  whether the axis ends exactly at the data (x axes), or at round numbers with room (y axes)
 * @param most   intervals between ticks, at most
 */
export function scaleFor(values: Iterable<number>, log: boolean, tight: boolean, most: number): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return log ? logScale(low, high, tight, most) : linearScale(low, high, tight, most);
}

function linearScale(low: number, high: number, tight: boolean, most: number): Scale {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = high - low > ALIKE * size + TINY ? 0 : size > TINY ? size / 2 : 1;
  const fromZero = low > 0 && low <= (tight ? 0.05 : 0.5) * high;
  let min = fromZero ? 0 : low - room;
  let max = high + room;
  if (!tight) {
    const step = niceStep(max - min, most);
    min = Math.floor(min / step + 1e-9) * step;
    max = Math.ceil(max / step - 1e-9) * step;
  }
  return scale(min, max, (value) => value, linearTicks(min, max, most), false);
}

function logScale(low: number, high: number, tight: boolean, most: number): Scale {
  const range = Math.log10(high) - Math.log10(low);
  const room = range < ALIKE ? Math.log10(2) : tight ? 0 : Math.min(0.5, 0.04 * range);
  const min = Math.log10(low) - room;
  const max = Math.log10(high) + room;
  return scale(min, max, Math.log10, logTicks(10 ** min, 10 ** max, most), true);
}

function scale(
  min: number,
  max: number,
  to: (value: number) => number,
  ticks: readonly number[],
  log: boolean,
): Scale {
  const labels = tickLabels(ticks, log);
  const at = (value: number) => (to(value) - min) / (max - min);
  const inside = (share: number) => Math.min(1, Math.max(0, share));
  return { at, ticks: ticks.map((tick, i) => ({ at: inside(at(tick)), label: labels[i]! })) };
}
