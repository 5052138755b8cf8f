export { type RunReport, runReport } from "./run-report.ts";
