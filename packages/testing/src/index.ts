export { type ScheduleCheck, scheduleSuite, spacingSuite, timeSamplerSuite } from "./schedule-suite.ts";
export { type DenoiserCheck, denoiserSuite, type DenoiserSuiteOptions } from "./denoiser-suite.ts";
