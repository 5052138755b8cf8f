import { type Dataset, fail } from "@ddpm/core";
import { vocabularyOf, wordTokenizer } from "@ddpm/text";
import type { RunConfig } from "../config/schema.ts";
import { isModuleSpec } from "../config/spec.ts";

/** Captions that are read where a set does not list them all. */
const READ = 10_000;
/** Most words of a vocabulary that is made from captions. */
const WORDS = 8192;

/**
 * Fills in the words and the length of the word tokenizer, where the configuration leaves them out: those of the images' captions.
 *
 * @param images without them one word stands for all, so that the rest of a configuration can be checked
 * @throws DdpmError for images without captions, and captions of more words than a vocabulary takes
 */
export async function fitToCaptions(config: RunConfig, images?: Dataset): Promise<RunConfig> {
  const { text } = config;
  if (!text || isModuleSpec(text.tokenizer)) return config;
  const given = typeof text.tokenizer === "string" ? { name: text.tokenizer } : text.tokenizer;
  if (given.name !== wordTokenizer.name || "words" in given) return config;
  const captions = images ? await captionsOf(images) : ["a"];
  const words = vocabularyOf(captions);
  const lenient = "unknown" in given && given.unknown === "token";
  if (words.length > WORDS && !lenient)
    fail(
      "runs/config",
      `the captions have ${words.length} words, and a vocabulary made from them at most ${WORDS}.`,
      "Set text.tokenizer.unknown=token to keep the most frequent ones, or take the tokenizer clip.",
    );
  const kept = words.slice(0, WORDS);
  const { encode } = wordTokenizer({ words: kept, unknown: "token" });
  const longest = captions.reduce((most, caption) => Math.max(most, encode(caption).length), 0);
  const length = "length" in given ? {} : { length: longest + 2 };
  return { ...config, text: { ...text, tokenizer: { ...given, words: kept, ...length } } };
}

async function captionsOf(images: Dataset): Promise<readonly string[]> {
  if (images.captions) return images.captions;
  const captions: string[] = [];
  for (let index = 0; index < Math.min(READ, images.length); index++) {
    const { caption } = await images.image(index);
    captions.push(
      caption ??
        fail(
          "runs/config",
          `${images.name} has no captions, and text.tokenizer has no words.`,
          "Set data.captions=true for captions in files, or give the words.",
        ),
    );
  }
  return captions;
}
