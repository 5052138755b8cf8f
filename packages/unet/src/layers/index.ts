export { type ActivationName, activations, mish } from "./activations/activations.ts";
export { dropout } from "./activations/dropout.ts";
export { gelu, geluTanh, quickGelu } from "./activations/gelu.ts";
export { silu } from "./activations/silu.ts";
export { attend, joinHeads, type Qkv, type QkvLayout, splitHeads, splitQkv } from "./attention/attention.ts";
export { type AttentionBlockOptions, attentionBlock } from "./attention/attention-block.ts";
export { type Context, contextOf } from "./attention/context.ts";
export { type ContextAttentionOptions, contextAttention } from "./attention/context-attention.ts";
export { type JointAttentionOptions, jointAttention } from "./attention/joint-attention.ts";
export { attendLinearly } from "./attention/linear-attention.ts";
export { type MemoryAttentionOptions, memoryAttention } from "./attention/memory-attention.ts";
export { overPixels, toImages, toPixelRows } from "./attention/pixels.ts";
export { type TokenAttentionOptions, tokenAttention } from "./attention/token-attention.ts";
export { type AdaGroupBlockOptions, adaGroupBlock } from "./blocks/ada-group-block.ts";
export { type ContextBlockOptions, contextBlock } from "./blocks/context-block.ts";
export { type ConvNextBlockOptions, convNextBlock, type TimeBlock } from "./blocks/convnext-block.ts";
export { type EdmBlockOptions, edmBlock, edmGroups } from "./blocks/edm-block.ts";
export { gatedMlp } from "./blocks/gated-mlp.ts";
export { type ImageTransformerOptions, imageTransformer } from "./blocks/image-transformer.ts";
export { type ModulatedBlockOptions, modulatedBlock } from "./blocks/modulated-block.ts";
export { type PostNormBlockOptions, postNormBlock } from "./blocks/post-norm-block.ts";
export { type EmbeddedBlock, type ResidualBlockOptions, residualBlock } from "./blocks/residual-block.ts";
export {
  type TokenBlock,
  type TransformerBlockOptions,
  transformerBlock,
  transformerHead,
} from "./blocks/transformer-block.ts";
export { type EdmEmbeddingOptions, edmEmbedding } from "./embeddings/edm-embedding.ts";
export { type FourierOptions, fourier } from "./embeddings/fourier.ts";
export { type GaussianWavesOptions, gaussianWaves } from "./embeddings/gaussian-waves.ts";
export { type LabelEmbeddingOptions, labelEmbedding } from "./embeddings/label-embedding.ts";
export { columnSineTable, rowSineTable } from "./embeddings/row-sine-table.ts";
export {
  type SinusoidalForm,
  type SinusoidalOptions,
  sinusoidal,
  sinusoidalFrequencies,
} from "./embeddings/sinusoidal.ts";
export { type TableEmbeddingOptions, tableEmbedding } from "./embeddings/table-embedding.ts";
export { type TimeMlpOptions, timeMlp } from "./embeddings/time-mlp.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./linear/conv-transpose2d.ts";
export { type Conv2dOptions, conv2d } from "./linear/conv2d.ts";
export { type DenseOptions, dense } from "./linear/dense.ts";
export { depthwiseConv2d } from "./linear/depthwise-conv2d.ts";
export { onTokens } from "./linear/on-tokens.ts";
export { type StandardisedConv2dOptions, standardisedConv2d } from "./linear/standardised-conv2d.ts";
export { conv2dWithBias, matMulWithBias } from "./linear/with-bias.ts";
export { batchNorm } from "./norms/batch-norm.ts";
export { channelLayerNorm } from "./norms/channel-layer-norm.ts";
export {
  type GroupNorm,
  type GroupNormOptions,
  groupCount,
  groupNorm,
  type Modulation,
} from "./norms/group-norm.ts";
export { imageLayerNorm } from "./norms/image-layer-norm.ts";
export { normaliseGroups } from "./norms/normalise-groups.ts";
export { rmsNorm } from "./norms/rms-norm.ts";
export { averageHalf } from "./resampling/average-half.ts";
export { type FilterResampleOptions, filterDouble, filterHalf } from "./resampling/filter-resample.ts";
export { type ResampleOptions, resample } from "./resampling/resample.ts";
export { upsampleNearest } from "./resampling/upsample-nearest.ts";
export { fromPatches, gridPositions } from "./skeletons/patches.ts";
export { type TwinSkipsOptions, twinSkips } from "./skeletons/twin-skips.ts";
export { type Place, type UShape, type UShapeOptions, uShape } from "./skeletons/u-shape.ts";
