import type { Denoiser } from "@ddpm/core";
import { type Tokenizer, textModels, tokenizers, withText } from "@ddpm/text";
import type { RunConfig } from "../config/schema.ts";
import { isModuleSpec } from "../config/spec.ts";
import type { CreatePlugin } from "./create-plugin.ts";

/** A network that reads captions, and what makes ids of them. */
export interface TextReader {
  readonly denoiser: Denoiser;
  readonly tokenizer: Tokenizer;
}

/**
 * The network of a run together with its text model, whose vocabulary and length are the tokenizer's where the configuration leaves
 * them out.
 *
 * @throws DdpmError for an unknown plugin or option, and for parts that do not fit
 */
export function textReader(
  network: Denoiser,
  text: NonNullable<RunConfig["text"]>,
  create: CreatePlugin,
): TextReader {
  const tokenizer = create(tokenizers, text.tokenizer);
  if (isModuleSpec(text.model)) {
    const textModel = create(textModels, text.model);
    return {
      denoiser: withText({ denoiser: network, textModel, tokenizer, maskPadding: text.maskPadding }),
      tokenizer,
    };
  }
  const given = typeof text.model === "string" ? { name: text.model } : text.model;
  const { shape: known } = textModels.get(given.name).schema;
  const open = (option: string): boolean => option in known && !(option in given);
  const textModel = create(textModels, {
    ...given,
    ...(open("vocabulary") ? { vocabulary: tokenizer.size } : {}),
    ...(open("length") ? { length: tokenizer.length } : {}),
  });
  return {
    denoiser: withText({ denoiser: network, textModel, tokenizer, maskPadding: text.maskPadding }),
    tokenizer,
  };
}
