export {
  type ReportPicture,
  type ReportSection,
  type ReportWarning,
  type RunReport,
  runReport,
} from "./report/run-report.ts";
