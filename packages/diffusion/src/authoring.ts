export type { GuidanceOptions } from "./guidance/classifier-free.ts";
export { mixGuidance } from "./guidance/classifier-free.ts";
export type { ClassifierGuidanceOptions } from "./guidance/classifier-guidance.ts";
export type { InpaintingOptions } from "./guidance/conditions/inpainting.ts";
export type { SuperResolutionOptions } from "./guidance/conditions/super-resolution.ts";
export type { ConditionImageSource, ImageCondition } from "./guidance/image-condition.ts";
export { enlarged, type Raster, reduced } from "./guidance/resize.ts";
export { unconditional } from "./guidance/unconditional.ts";
export type { ClipOptions } from "./guidance/wrappers/clip.ts";
export type { DynamicThresholdOptions } from "./guidance/wrappers/dynamic-threshold.ts";
export {
  type BatchObjective,
  type BoundObjective,
  batchLoss,
  type LossInputs,
  objectiveTarget,
} from "./objective/batch-loss.ts";
export type { BitsPerDim, BitsPerDimOptions } from "./objective/bits-per-dim.ts";
export {
  type HeldOutErrorsOptions,
  heldOutErrors,
  type ImageAtTime,
  type PredictionErrors,
} from "./objective/held-out-errors.ts";
export { type LossColumns, lossColumnNames, lossColumns, type Objective } from "./objective/loss-columns.ts";
export type { ElementLoss } from "./objective/losses/element-loss.ts";
export type { HuberOptions } from "./objective/losses/huber.ts";
export type { SmoothL1Options } from "./objective/losses/smooth-l1.ts";
export { type InputColumns, mixed, type NetworkOutput, networkOutput } from "./objective/network-output.ts";
export { greyLogLikelihood, klOfDifference, normalCdf, normalKl } from "./objective/normal.ts";
export type { EdmParameterizationOptions } from "./objective/parameterizations/edm.ts";
export type { TimeInput } from "./objective/parameterizations/network-noise.ts";
export { selfConditioningGuess } from "./objective/self-conditioning.ts";
export {
  type BoundColumns,
  type BoundInputs,
  boundColumnNames,
  boundColumns,
  boundTerms,
  priorTerm,
  type VarianceKind,
} from "./objective/variational-bound.ts";
export type { EdmWeightOptions } from "./objective/weights/edm.ts";
export type { MinSnrOptions } from "./objective/weights/min-snr.ts";
export type { P2Options } from "./objective/weights/p2.ts";
export type { SigmoidWeightOptions } from "./objective/weights/sigmoid.ts";
export type { SoftMinSnrOptions } from "./objective/weights/soft-min-snr.ts";
export type { TruncatedSnrOptions } from "./objective/weights/truncated-snr.ts";
export { levelColumns, tensorColumns } from "./process/diffuse.ts";
export type { Seeds } from "./process/initial-noise.ts";
export { addOffset } from "./process/offset-noise.ts";
export { perSample } from "./process/per-sample.ts";
export { type Posterior, posteriorOf } from "./process/posterior.ts";
export {
  type AncestralOptions,
  type AncestralStep,
  ancestralShape,
  ancestralStep,
} from "./sampling/arithmetic/ancestral.ts";
export { type ChurnOptions, churned, churnShape } from "./sampling/arithmetic/churn.ts";
export { combine, type Term } from "./sampling/arithmetic/combine.ts";
export { countingCalls } from "./sampling/count-calls.ts";
export {
  type DenoiseInputs,
  type DenoiseOptions,
  denoiseColumns,
  denoiseStep,
} from "./sampling/denoise-with.ts";
export { eventLoopYielder } from "./sampling/event-loop.ts";
export { epsOf, epsTerms, moveTerms, moveTo, predict } from "./sampling/prediction.ts";
export type { DpmAdaptiveOptions } from "./sampling/samplers/dpm-solver/dpm-adaptive.ts";
export type { DpmFastOptions } from "./sampling/samplers/dpm-solver/dpm-fast.ts";
export type { DpmMultistepOptions } from "./sampling/samplers/dpm-solver/dpm-multistep.ts";
export type { DpmSinglestepOptions } from "./sampling/samplers/dpm-solver/dpm-singlestep.ts";
export type { Dpmpp2mSdeOptions } from "./sampling/samplers/dpm-solver/dpmpp-2m-sde.ts";
export type { DpmppSdeOptions } from "./sampling/samplers/dpm-solver/dpmpp-sde.ts";
export type { DeisOptions } from "./sampling/samplers/multistep/deis.ts";
export type { IpndmOptions } from "./sampling/samplers/multistep/ipndm.ts";
export type { LmsOptions } from "./sampling/samplers/multistep/lms.ts";
export type { PndmOptions } from "./sampling/samplers/multistep/pndm.ts";
export type { SaSolverOptions } from "./sampling/samplers/multistep/sa-solver.ts";
export type { UnipcOptions } from "./sampling/samplers/multistep/unipc.ts";
export type { ConsistencyOptions } from "./sampling/samplers/posterior/consistency.ts";
export type { DdimOptions } from "./sampling/samplers/posterior/ddim.ts";
export type { DdpmOptions } from "./sampling/samplers/posterior/ddpm.ts";
export type { RepaintOptions } from "./sampling/samplers/posterior/repaint.ts";
export type { TcdOptions } from "./sampling/samplers/posterior/tcd.ts";
export type { Dpm2Options } from "./sampling/samplers/single-step/dpm-2.ts";
export type { HeunOptions } from "./sampling/samplers/single-step/heun.ts";
export type { OdeTimeOptions } from "./sampling/samplers/single-step/ode-time.ts";
