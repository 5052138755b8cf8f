import { type Registry, registry } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";
import { clipTokenizer } from "./clip/tokenizer.ts";
import { wordTokenizer } from "./words/tokenizer.ts";

/** All tokenizers. */
export const tokenizers: Registry<Tokenizer> = registry<Tokenizer>("text/tokenizers", "tokenizer", [
  clipTokenizer,
  wordTokenizer,
]);
