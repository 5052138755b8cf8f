import type { ChartOptions, Panel } from "./panel/panel.ts";
import { panelChart } from "./panel-chart.ts";

/** Options of {@link lineChart}. */
export interface LineChartOptions extends Omit<Panel, "title">, ChartOptions {}

/**
 * Curves over one pair of axes, as SVG.
 *
 * @throws if there is no curve or no point, or a value is not finite, or not above 0 on a log axis
 */
export function lineChart(options: LineChartOptions): string {
  const { x, y, series, ...rest } = options;
  return panelChart("viz/line-chart", [{ x, y, series }], rest);
}

/**
 * Several line charts side by side with one legend, as SVG; curves of one name share a colour.
 *
 * @throws as {@link lineChart}
 */
export function lineCharts(panels: readonly Panel[], options: ChartOptions = {}): string {
  return panelChart("viz/line-chart", panels, options);
}
