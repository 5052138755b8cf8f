export { type ActivationName, activations, mish } from "./activations.ts";
export { type AdaGroupBlockOptions, adaGroupBlock } from "./ada-group-block.ts";
export { attend, joinHeads, type Qkv, type QkvLayout, splitHeads, splitQkv } from "./attention.ts";
export { type AttentionBlockOptions, attentionBlock } from "./attention-block.ts";
export { averageHalf } from "./average-half.ts";
export { batchNorm } from "./batch-norm.ts";
export { channelLayerNorm } from "./channel-layer-norm.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./conv-transpose2d.ts";
export { type Conv2dOptions, conv2d } from "./conv2d.ts";
export { type ConvNextBlockOptions, convNextBlock, type ToldBlock } from "./convnext-block.ts";
export { type DenseOptions, dense } from "./dense.ts";
export { depthwiseConv2d } from "./depthwise-conv2d.ts";
export { dropout } from "./dropout.ts";
export { type EdmBlockOptions, edmBlock, edmGroups } from "./edm-block.ts";
export { type EdmEmbeddingOptions, edmEmbedding } from "./edm-embedding.ts";
export { type FilterResampleOptions, filterDouble, filterHalf } from "./filter-resample.ts";
export { type FourierOptions, fourier } from "./fourier.ts";
export { type GaussianWavesOptions, gaussianWaves } from "./gaussian-waves.ts";
export { gelu, geluTanh } from "./gelu.ts";
export {
  type GroupNorm,
  type GroupNormOptions,
  groupCount,
  groupNorm,
  type Modulation,
} from "./group-norm.ts";
export { imageLayerNorm } from "./image-layer-norm.ts";
export { type JointAttentionOptions, jointAttention } from "./joint-attention.ts";
export { type LabelEmbeddingOptions, labelEmbedding } from "./label-embedding.ts";
export { attendLinearly } from "./linear-attention.ts";
export { type MemoryAttentionOptions, memoryAttention } from "./memory-attention.ts";
export { type ModulatedBlockOptions, modulatedBlock } from "./modulated-block.ts";
export { normaliseGroups } from "./normalise-groups.ts";
export { fromPatches, gridPositions } from "./patches.ts";
export { overPixels, toImages, toPixelRows } from "./pixels.ts";
export { type PostNormBlockOptions, postNormBlock } from "./post-norm-block.ts";
export { type ResampleOptions, resample } from "./resample.ts";
export { type EmbeddedBlock, type ResidualBlockOptions, residualBlock } from "./residual-block.ts";
export { rmsNorm } from "./rms-norm.ts";
export { columnSineTable, rowSineTable } from "./row-sine-table.ts";
export { silu } from "./silu.ts";
export {
  type SinusoidalForm,
  type SinusoidalOptions,
  sinusoidal,
  sinusoidalFrequencies,
} from "./sinusoidal.ts";
export { type StandardisedConv2dOptions, standardisedConv2d } from "./standardised-conv2d.ts";
export { type TableEmbeddingOptions, tableEmbedding } from "./table-embedding.ts";
export { type TimeMlpOptions, timeMlp } from "./time-mlp.ts";
export {
  type TokenBlock,
  type TransformerBlockOptions,
  transformerBlock,
  transformerHead,
} from "./transformer-block.ts";
export { type TwinSkipsOptions, twinSkips } from "./twin-skips.ts";
export { type Place, type UShape, type UShapeOptions, uShape } from "./u-shape.ts";
export { upsampleNearest } from "./upsample-nearest.ts";
export { conv2dWithBias, matMulWithBias } from "./with-bias.ts";
