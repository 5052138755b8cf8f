/**
 * Tokenizers, and text models that make contexts of their ids.
 *
 * @packageDocumentation
 */

export type { TextModel, Tokenizer } from "@ddpm/core/authoring";
export { clipTextModel } from "./clip/text-model.ts";
export { clipTokenizer } from "./clip/tokenizer.ts";
export { textModels } from "./text-models.ts";
export { tokenRows } from "./token-rows.ts";
export { tokenizers } from "./tokenizers.ts";
export { withText } from "./with-text.ts";
export { withTokens } from "./with-tokens.ts";
export { textTransformer } from "./words/text-model.ts";
export { wordTokenizer } from "./words/tokenizer.ts";
export { vocabularyOf } from "./words/vocabulary.ts";
