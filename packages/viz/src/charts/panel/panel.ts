import type { ErrorPlace } from "@ddpm/core/authoring";
import { checkText } from "../../files/escape-xml.ts";
import { refuse } from "../../refuse.ts";

/** One curve: the same number of places and values. */
export interface Series {
  /** In the legend; curves of one name, in all panels, share colour and legend entry. */
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Thin and pale, behind the others: raw values under a smoothed curve. */
  readonly faint?: boolean;
}

/** What an axis shows. */
export interface Axis {
  /** Quantity and unit. */
  readonly name: string;
  /** Logarithmic, base 10; every value is then above 0. Default false. */
  readonly log?: boolean;
}

/** One pair of axes and the curves in it. */
export interface Panel {
  /** Above the panel. */
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** The picture around the panels. */
export interface ChartOptions {
  readonly title?: string;
  /** A line under the title: how to read the picture. */
  readonly note?: string;
  /** Pixels, 240 up per panel; default 720 for one panel, 360 for each of several. */
  readonly width?: number;
  /** Pixels, 240 up; default 400 for one panel, 340 for several. */
  readonly height?: number;
}

/**
 * Refuses what cannot be drawn: no curves, no points, values that are not finite, or not above 0 on a log axis.
 *
 * @param where the function that was called, named in the error
 */
export function checkPanel(where: ErrorPlace, panel: Panel): void {
  for (const text of [panel.title ?? "", panel.x.name, panel.y.name]) checkText(where, text);
  for (const axis of [panel.x, panel.y])
    if (axis.name === "") refuse(where, "an axis without a name", "Say what it shows, with its unit.");
  if (panel.series.length === 0) refuse(where, "no curves", "Give at least one.");
  for (const { name, x, y } of panel.series) {
    checkText(where, name);
    if (name === "") refuse(where, "a curve without a name", "Name every curve.");
    if (x.length !== y.length)
      refuse(where, `${x.length} x and ${y.length} y values for "${name}"`, "Give the same number of both.");
    if (x.length === 0) refuse(where, `no points for "${name}"`, "Give at least one.");
    checkValues(where, `x of "${name}"`, x, panel.x.log ?? false);
    checkValues(where, `y of "${name}"`, y, panel.y.log ?? false);
  }
}

/** Differences of larger numbers overflow. */
const LARGEST = 1e300;

function checkValues(where: ErrorPlace, what: string, values: ArrayLike<number>, log: boolean): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(Math.abs(value) <= LARGEST))
      refuse(
        where,
        `${value} at index ${i} of ${what}`,
        "Charts show finite numbers up to 1e300; leave such points out yourself.",
      );
    if (log && value < 1 / LARGEST)
      refuse(
        where,
        `${value} at index ${i} of ${what} on a log axis`,
        "Give values above 0 (from 1e-300 up) or use a linear axis.",
      );
  }
}
