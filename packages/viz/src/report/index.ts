export {
  type ReportPicture,
  type ReportSection,
  type ReportWarning,
  type RunReport,
  runReport,
} from "./run-report.ts";
