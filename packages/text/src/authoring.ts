/**
 * For text models of your own: their layers.
 *
 * @packageDocumentation
 */
export type { ClipTextModelOptions } from "./clip/text-model.ts";
export type { ClipTokenizerOptions } from "./clip/tokenizer.ts";
export { attentionBias, causalAttention } from "./layers/causal-attention.ts";
export { type TokenEmbeddingOptions, tokenEmbedding } from "./layers/token-embedding.ts";
export type { TextStates } from "./text-model.ts";
export type { TokenRows } from "./token-rows.ts";
