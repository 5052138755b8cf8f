export {
  type LearningRateChartOptions,
  type LearningRateCurve,
  learningRateChart,
} from "./charts/learning-rate-chart.ts";
export { type LineChartOptions, lineChart, lineCharts } from "./charts/line-chart.ts";
export { type LossChartOptions, type LossCurve, lossChart } from "./charts/loss-chart.ts";
export type { Axis, ChartOptions, Panel, Series } from "./charts/panel.ts";
export { scheduleChart } from "./charts/schedule-chart.ts";
export { curvesOfBetas, type ScheduleCurves } from "./charts/schedule-curves.ts";
export { smooth } from "./charts/smooth.ts";
