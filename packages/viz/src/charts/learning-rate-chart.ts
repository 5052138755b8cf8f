import type { ChartOptions } from "./panel/panel.ts";
import { panelChart } from "./panel-chart.ts";

/** The learning rate of one run, or of one plan. */
export interface LearningRateCurve {
  /** In the legend; default "learning rate". */
  readonly name?: string;
  /** Images seen when each rate was in use. */
  readonly images: ArrayLike<number>;
  readonly rate: ArrayLike<number>;
}

/** Options of {@link learningRateChart}. */
export interface LearningRateChartOptions extends ChartOptions {
  /** Logarithmic axis for the rate; default false. */
  readonly log?: boolean;
}

/**
 * Learning rate by images seen, as SVG; one run, or several to compare.
 *
 * @throws if there is no run or no point, or a rate is not finite, or not above 0 on a log axis
 */
export function learningRateChart(
  runs: LearningRateCurve | readonly LearningRateCurve[],
  options: LearningRateChartOptions = {},
): string {
  const { log = false, title = "Learning rate", ...rest } = options;
  const list: readonly LearningRateCurve[] = "rate" in runs ? [runs] : runs;
  const series = list.map(({ name = "learning rate", images, rate }) => ({ name, x: images, y: rate }));
  return panelChart(
    "viz/learning-rate-chart",
    [{ x: { name: "images seen" }, y: { name: "learning rate", log }, series }],
    {
      title,
      ...rest,
    },
  );
}
