export { learningRateChart } from "./learning-rate-chart.ts";
export { lineChart, lineCharts } from "./line-chart.ts";
export { lossChart } from "./loss-chart.ts";
export { scheduleChart } from "./schedule-chart.ts";
export { smooth } from "./smooth.ts";
