export {
  type LearningRateChartOptions,
  type LearningRateCurve,
  learningRateChart,
} from "./learning-rate-chart.ts";
export { type LineChartOptions, lineChart, lineCharts } from "./line-chart.ts";
export { type LossChartOptions, type LossCurve, lossChart } from "./loss-chart.ts";
export type { Axis, ChartOptions, Panel, Series } from "./panel/panel.ts";
export { scheduleChart } from "./schedule-chart.ts";
export { curvesOfBetas, type ScheduleCurves } from "./schedule-curves.ts";
export { smooth } from "./smooth.ts";
