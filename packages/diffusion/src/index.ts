export { classifierFree, type GuidanceOptions, guided } from "./guidance/classifier-free.ts";
export { type ClassifierGuidanceOptions, classifierGuidance } from "./guidance/classifier-guidance.ts";
export { conditions } from "./guidance/conditions/index.ts";
export { type InpaintingOptions, inpainting } from "./guidance/conditions/inpainting.ts";
export { type SuperResolutionOptions, superResolution } from "./guidance/conditions/super-resolution.ts";
export type { ImageCondition, Offer } from "./guidance/image-condition.ts";
export { enlarged, type Raster, reduced } from "./guidance/resize.ts";
export { type ClipOptions, clip } from "./guidance/wrappers/clip.ts";
export { type DynamicThresholdOptions, dynamicThreshold } from "./guidance/wrappers/dynamic-threshold.ts";
export { wrappers } from "./guidance/wrappers/index.ts";
export {
  type BatchLoss,
  type BatchObjective,
  type BoundObjective,
  batchLoss,
  conditionOf,
  type LossInputs,
  objectiveTarget,
} from "./objective/batch-loss.ts";
export { type BitsPerDim, type BitsPerDimOptions, bitsPerDim } from "./objective/bits-per-dim.ts";
export { type LossColumns, lossColumnNames, lossColumns, type Objective } from "./objective/loss-columns.ts";
export type { ElementLoss } from "./objective/losses/element-loss.ts";
export { type HuberOptions, huber } from "./objective/losses/huber.ts";
export { losses } from "./objective/losses/index.ts";
export { l1 } from "./objective/losses/l1.ts";
export { l2 } from "./objective/losses/l2.ts";
export { type SmoothL1Options, smoothL1 } from "./objective/losses/smooth-l1.ts";
export { type InputColumns, mixed, type NetworkOutput, networkOutput } from "./objective/network-output.ts";
export { greyLogLikelihood, klOfDifference, normalCdf, normalKl } from "./objective/normal.ts";
export { ownGuess } from "./objective/own-guess.ts";
export { type EdmOptions, edm } from "./objective/parameterizations/edm.ts";
export { eps } from "./objective/parameterizations/eps.ts";
export { flow } from "./objective/parameterizations/flow.ts";
export { parameterizations } from "./objective/parameterizations/index.ts";
export type { ToldTime } from "./objective/parameterizations/network-noise.ts";
export { score } from "./objective/parameterizations/score.ts";
export { v } from "./objective/parameterizations/v.ts";
export { x0 } from "./objective/parameterizations/x0.ts";
export { xprev } from "./objective/parameterizations/xprev.ts";
export {
  type BoundColumns,
  type BoundInputs,
  boundColumnNames,
  boundColumns,
  boundTerms,
  priorTerm,
  type VarianceKind,
} from "./objective/variational-bound.ts";
export { type EdmWeightOptions, edmWeight } from "./objective/weights/edm.ts";
export { weights } from "./objective/weights/index.ts";
export { type MinSnrOptions, minSnr } from "./objective/weights/min-snr.ts";
export { type P2Options, p2 } from "./objective/weights/p2.ts";
export { type SigmoidWeightOptions, sigmoidWeight } from "./objective/weights/sigmoid.ts";
export { simple } from "./objective/weights/simple.ts";
export { snr } from "./objective/weights/snr.ts";
export { type SoftMinSnrOptions, softMinSnr } from "./objective/weights/soft-min-snr.ts";
export { type TruncatedSnrOptions, truncatedSnr } from "./objective/weights/truncated-snr.ts";
export { diffuse, levelColumns, perImage, tensorColumns } from "./process/diffuse.ts";
export { initialNoise, type Seeds } from "./process/initial-noise.ts";
export { addOffset } from "./process/offset-noise.ts";
export { type Posterior, posteriorOf } from "./process/posterior.ts";
export { slerp } from "./process/slerp.ts";
export { startFrom } from "./process/start-from.ts";
export {
  type AncestralOptions,
  type AncestralStep,
  ancestralShape,
  ancestralStep,
} from "./sampling/arithmetic/ancestral.ts";
export { type ChurnOptions, churned, churnShape } from "./sampling/arithmetic/churn.ts";
export { combine, type Term } from "./sampling/arithmetic/combine.ts";
export { counting } from "./sampling/counting.ts";
export {
  type DenoiseInputs,
  type DenoiseOptions,
  denoiseColumns,
  denoiseStep,
  denoiseWith,
} from "./sampling/denoise-with.ts";
export { pacer } from "./sampling/pacer.ts";
export { epsOf, epsTerms, moveTerms, moveTo, predict } from "./sampling/prediction.ts";
export { type Frame, lastOf, type SampleOptions, sample } from "./sampling/sample.ts";
export { type DpmAdaptiveOptions, dpmAdaptive } from "./sampling/samplers/dpm-solver/dpm-adaptive.ts";
export { type DpmFastOptions, dpmFast } from "./sampling/samplers/dpm-solver/dpm-fast.ts";
export { type DpmMultistepOptions, dpmMultistep } from "./sampling/samplers/dpm-solver/dpm-multistep.ts";
export { type DpmSinglestepOptions, dpmSinglestep } from "./sampling/samplers/dpm-solver/dpm-singlestep.ts";
export { dpmpp2m } from "./sampling/samplers/dpm-solver/dpmpp-2m.ts";
export { type Dpmpp2mSdeOptions, dpmpp2mSde } from "./sampling/samplers/dpm-solver/dpmpp-2m-sde.ts";
export { dpmpp2s } from "./sampling/samplers/dpm-solver/dpmpp-2s.ts";
export { dpmpp3mSde } from "./sampling/samplers/dpm-solver/dpmpp-3m-sde.ts";
export { type DpmppSdeOptions, dpmppSde } from "./sampling/samplers/dpm-solver/dpmpp-sde.ts";
export { samplers } from "./sampling/samplers/index.ts";
export { type DeisOptions, deis } from "./sampling/samplers/multistep/deis.ts";
export { type IpndmOptions, ipndm } from "./sampling/samplers/multistep/ipndm.ts";
export { type LmsOptions, lms } from "./sampling/samplers/multistep/lms.ts";
export { type PndmOptions, pndm } from "./sampling/samplers/multistep/pndm.ts";
export { type SaSolverOptions, saSolver } from "./sampling/samplers/multistep/sa-solver.ts";
export { type UnipcOptions, unipc } from "./sampling/samplers/multistep/unipc.ts";
export { type ConsistencyOptions, consistency } from "./sampling/samplers/posterior/consistency.ts";
export { type DdimOptions, ddim } from "./sampling/samplers/posterior/ddim.ts";
export { type DdpmOptions, ddpm } from "./sampling/samplers/posterior/ddpm.ts";
export { type RepaintOptions, repaint, repaintTimes } from "./sampling/samplers/posterior/repaint.ts";
export { type TcdOptions, tcd } from "./sampling/samplers/posterior/tcd.ts";
export { type Dpm2Options, dpm2 } from "./sampling/samplers/single-step/dpm-2.ts";
export { euler } from "./sampling/samplers/single-step/euler.ts";
export { eulerAncestral } from "./sampling/samplers/single-step/euler-ancestral.ts";
export { type HeunOptions, heun } from "./sampling/samplers/single-step/heun.ts";
export { type OdeTimeOptions, odeTime } from "./sampling/samplers/single-step/ode-time.ts";
