/**
 * For text models of your own: their layers.
 *
 * @packageDocumentation
 */

export type { TextStates } from "@ddpm/core/authoring";
export type { ClipTextModelOptions } from "./clip/text-model.ts";
export type { ClipTokenizerOptions } from "./clip/tokenizer.ts";
export { attentionBias, paddingBias, tokenAttention } from "./layers/token-attention.ts";
export { type TokenEmbeddingOptions, tokenEmbedding } from "./layers/token-embedding.ts";
export { type TransformerLayerOptions, transformerLayer } from "./layers/transformer-layer.ts";
export type { TokenRows } from "./token-rows.ts";
export type { WithTextOptions } from "./with-text.ts";
export { captionTokens } from "./with-tokens.ts";
export type { TextTransformerOptions } from "./words/text-model.ts";
export type { WordTokenizerOptions } from "./words/tokenizer.ts";
