import type { ChartOptions, Series } from "./panel/panel.ts";
import { panelChart } from "./panel-chart.ts";
import { smooth } from "./smooth.ts";

/** The loss of one run, in the order it was logged. */
export interface LossCurve {
  /** In the legend; default "loss". */
  readonly name?: string;
  /** Images seen when each loss was logged. */
  readonly images: ArrayLike<number>;
  /** The losses, above 0 unless the axis is linear. */
  readonly loss: ArrayLike<number>;
}

/** Options of {@link lossChart}. */
export interface LossChartOptions extends ChartOptions {
  /** Weight of the past in the smoothed curve, [0, 1); 0 leaves it out. Default 0.97. */
  readonly smoothing?: number;
  /** Logarithmic loss axis; default true. */
  readonly log?: boolean;
}

/**
 * Training loss by images seen, as SVG: as logged, faint, and smoothed ({@link smooth}); one run, or several to compare.
 *
 * @throws if there is no run or no point, a loss is not finite, or not above 0 on the log axis
 */
export function lossChart(runs: LossCurve | readonly LossCurve[], options: LossChartOptions = {}): string {
  const { smoothing = 0.97, log = true, title = "Training loss", ...rest } = options;
  const list: readonly LossCurve[] = "loss" in runs ? [runs] : runs;
  const series = list.flatMap(({ name = "loss", images, loss }): Series[] => {
    const raw = { name, x: images, y: loss };
    return smoothing === 0
      ? [raw]
      : [
          { ...raw, y: smooth(loss, smoothing) },
          { ...raw, faint: true },
        ];
  });
  const note = smoothing === 0 ? {} : { note: `faint: as logged; strong: moving average (${smoothing})` };
  return panelChart("viz/loss-chart", [{ x: { name: "images seen" }, y: { name: "loss", log }, series }], {
    title,
    ...note,
    ...rest,
  });
}
