export { type LearningRateCurve, learningRateChart } from "./learning-rate-chart.ts";
export { lineChart, lineCharts } from "./line-chart.ts";
export { type LossCurve, lossChart } from "./loss-chart.ts";
export type { Axis, Panel, Series } from "./panel/panel.ts";
export { scheduleChart } from "./schedule-chart.ts";
export { smooth } from "./smooth.ts";
