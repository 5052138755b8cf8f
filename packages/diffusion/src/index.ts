export { type AncestralOptions, type AncestralStep, ancestralShape, ancestralStep } from "./ancestral.ts";
export {
  type BatchLoss,
  type BatchObjective,
  type BoundObjective,
  batchLoss,
  conditionOf,
  type LossInputs,
  objectiveTarget,
} from "./batch-loss.ts";
export { type BitsPerDim, type BitsPerDimOptions, bitsPerDim } from "./bits-per-dim.ts";
export { type ChurnOptions, churned, churnShape } from "./churn.ts";
export { type ClassifierGuidanceOptions, classifierGuidance } from "./classifier-guidance.ts";
export { combine, type Term } from "./combine.ts";
export { type InpaintingOptions, inpainting } from "./conditions/inpainting.ts";
export { type SuperResolutionOptions, superResolution } from "./conditions/super-resolution.ts";
export { conditions } from "./conditions.ts";
export { counting } from "./counting.ts";
export {
  type DenoiseInputs,
  type DenoiseOptions,
  denoiseColumns,
  denoiseStep,
  denoiseWith,
} from "./denoise-with.ts";
export { diffuse, levelColumns, perImage, tensorColumns } from "./diffuse.ts";
export type { ElementLoss } from "./element-loss.ts";
export { classifierFree, type GuidanceOptions, guided } from "./guidance.ts";
export type { ImageCondition, Offer } from "./image-condition.ts";
export { initialNoise, type Seeds } from "./initial-noise.ts";
export { type LossColumns, lossColumnNames, lossColumns, type Objective } from "./loss-columns.ts";
export { type HuberOptions, huber } from "./losses/huber.ts";
export { l1 } from "./losses/l1.ts";
export { l2 } from "./losses/l2.ts";
export { type SmoothL1Options, smoothL1 } from "./losses/smooth-l1.ts";
export { losses } from "./losses.ts";
export { type InputColumns, mixed, type NetworkOutput, networkOutput } from "./network-output.ts";
export { greyLogLikelihood, klOfDifference, normalCdf, normalKl } from "./normal.ts";
export { addOffset } from "./offset-noise.ts";
export { ownGuess } from "./own-guess.ts";
export { pacer } from "./pacer.ts";
export { type EdmOptions, edm } from "./parameterizations/edm.ts";
export { eps } from "./parameterizations/eps.ts";
export { flow } from "./parameterizations/flow.ts";
export type { ToldTime } from "./parameterizations/network-noise.ts";
export { score } from "./parameterizations/score.ts";
export { v } from "./parameterizations/v.ts";
export { x0 } from "./parameterizations/x0.ts";
export { xprev } from "./parameterizations/xprev.ts";
export { parameterizations } from "./parameterizations.ts";
export { type Posterior, posteriorOf } from "./posterior.ts";
export { epsOf, epsTerms, moveTerms, moveTo, predict } from "./prediction.ts";
export { enlarged, type Raster, reduced } from "./resize.ts";
export { type Frame, lastOf, type SampleOptions, sample } from "./sample.ts";
export { type ConsistencyOptions, consistency } from "./samplers/consistency.ts";
export { type DdimOptions, ddim } from "./samplers/ddim.ts";
export { type DdpmOptions, ddpm } from "./samplers/ddpm.ts";
export { type DeisOptions, deis } from "./samplers/deis.ts";
export { type Dpm2Options, dpm2 } from "./samplers/dpm-2.ts";
export { type DpmAdaptiveOptions, dpmAdaptive } from "./samplers/dpm-adaptive.ts";
export { type DpmFastOptions, dpmFast } from "./samplers/dpm-fast.ts";
export { type DpmMultistepOptions, dpmMultistep } from "./samplers/dpm-multistep.ts";
export { type DpmSinglestepOptions, dpmSinglestep } from "./samplers/dpm-singlestep.ts";
export { dpmpp2m } from "./samplers/dpmpp-2m.ts";
export { type Dpmpp2mSdeOptions, dpmpp2mSde } from "./samplers/dpmpp-2m-sde.ts";
export { dpmpp2s } from "./samplers/dpmpp-2s.ts";
export { dpmpp3mSde } from "./samplers/dpmpp-3m-sde.ts";
export { type DpmppSdeOptions, dpmppSde } from "./samplers/dpmpp-sde.ts";
export { euler } from "./samplers/euler.ts";
export { eulerAncestral } from "./samplers/euler-ancestral.ts";
export { type HeunOptions, heun } from "./samplers/heun.ts";
export { type IpndmOptions, ipndm } from "./samplers/ipndm.ts";
export { type LmsOptions, lms } from "./samplers/lms.ts";
export { type OdeTimeOptions, odeTime } from "./samplers/ode-time.ts";
export { type PndmOptions, pndm } from "./samplers/pndm.ts";
export { type RepaintOptions, repaint, repaintTimes } from "./samplers/repaint.ts";
export { type SaSolverOptions, saSolver } from "./samplers/sa-solver.ts";
export { type TcdOptions, tcd } from "./samplers/tcd.ts";
export { type UnipcOptions, unipc } from "./samplers/unipc.ts";
export { samplers } from "./samplers.ts";
export { slerp } from "./slerp.ts";
export { startFrom } from "./start-from.ts";
export {
  type BoundColumns,
  type BoundInputs,
  boundColumnNames,
  boundColumns,
  boundTerms,
  priorTerm,
  type VarianceKind,
} from "./variational-bound.ts";
export { type EdmWeightOptions, edmWeight } from "./weights/edm.ts";
export { type MinSnrOptions, minSnr } from "./weights/min-snr.ts";
export { type P2Options, p2 } from "./weights/p2.ts";
export { type SigmoidWeightOptions, sigmoidWeight } from "./weights/sigmoid.ts";
export { simple } from "./weights/simple.ts";
export { snr } from "./weights/snr.ts";
export { type SoftMinSnrOptions, softMinSnr } from "./weights/soft-min-snr.ts";
export { type TruncatedSnrOptions, truncatedSnr } from "./weights/truncated-snr.ts";
export { weights } from "./weights.ts";
export { type ClipOptions, clip } from "./wrappers/clip.ts";
export { type DynamicThresholdOptions, dynamicThreshold } from "./wrappers/dynamic-threshold.ts";
export { wrappers } from "./wrappers.ts";
