export {
  type BackendComparison,
  type BackendDifference,
  compareBackends,
} from "./backends/compare-backends.ts";
export { type Check, runChecks } from "./check.ts";
export { expectClose, type Tolerance } from "./close.ts";
export { type DenoiserCheck, type DenoiserSuiteOptions, denoiserSuite } from "./denoiser-suite.ts";
export { type GaussianOracle, gaussianOracle } from "./gaussian-oracle.ts";
export { expectNoLeak, type Leak, leaks } from "./leaks.ts";
export { type MixtureOracle, mixtureOracle } from "./mixture-oracle.ts";
export { fittedOrder } from "./order.ts";
export { type SamplerSuiteOptions, samplerSuite } from "./sampler-suite.ts";
export { type ScheduleCheck, scheduleSuite, spacingSuite, timeSamplerSuite } from "./schedule-suite.ts";
export { type Trajectory, trajectoryOf } from "./trajectory.ts";
