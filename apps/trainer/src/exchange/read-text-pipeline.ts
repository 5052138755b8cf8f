import { existsSync } from "node:fs";
import { join } from "node:path";
import { autoencoders } from "@ddpm/autoencoder";
import { fail, type Params } from "@ddpm/core";
import { textFamilies } from "@ddpm/exchange";
import { readWeights } from "@ddpm/exchange/node";
import type { RunDescription } from "@ddpm/runs";
import { autoencoderHash } from "@ddpm/runs/authoring";
import { clipTokenizer, textModels } from "@ddpm/text";
import { readSettings } from "../config/json-text.ts";
import { openAutoencoder } from "../run/latent/open-autoencoder.ts";

const where = "cli/read-text-pipeline";

/** What a pipeline of Stable Diffusion's kind has in addition to a network and a scheduler. */
export interface TextPipeline {
  readonly description: Pick<RunDescription, "text" | "latent">;
  /** Rows and columns of an image per row and column of its latents. */
  readonly factor: number;
  /** Weights of the text model, as the network that reads text names them. */
  readonly textParams: Params;
  readonly autoencoderParams: Params;
}

/**
 * Reads the text encoder, the tokenizer and the autoencoder of a folder that diffusers wrote, where they are there.
 *
 * @throws DdpmError for files that are missing, damaged or of other networks, and for two text encoders
 */
export async function readTextPipeline(folder: string): Promise<TextPipeline | undefined> {
  const has = (name: string): boolean => existsSync(join(folder, name, "config.json"));
  if (!has("text_encoder") && !has("vae")) return undefined;
  if (has("text_encoder_2")) {
    fail(where, `${folder} has two text encoders, as SDXL has.`, "Import one of Stable Diffusion 1 or 2.");
  }
  const missing = ["text_encoder", "vae"].find((name) => !has(name));
  if (missing) fail(where, `${join(folder, missing, "config.json")} is missing.`);
  const text = await readText(folder);
  const { network, params } = await openAutoencoder(folder);
  const { scale = 1, shift = 0, factor, latentChannels } = autoencoders.create(network as never);
  const each = (value: number | readonly number[]): number[] =>
    typeof value === "number" ? new Array<number>(latentChannels).fill(value) : [...value];
  return {
    ...{ factor, textParams: text.params, autoencoderParams: params },
    description: {
      text: text.description,
      latent: {
        ...{ autoencoder: folder, network, sha256: await autoencoderHash(params) },
        ...{ scale: each(scale), shift: each(shift) },
      },
    },
  };
}

async function readText(
  folder: string,
): Promise<{ readonly description: NonNullable<RunDescription["text"]>; readonly params: Params }> {
  const config = (await readSettings(join(folder, "text_encoder", "config.json"), where)) as Settings;
  const given = Object.entries(config).filter(([key]) => !key.startsWith("_"));
  const { spec, names } = textFamilies.create({ ...Object.fromEntries(given), name: "clip" });
  const model = textModels.create(spec);
  const params = await readWeights(join(folder, "text_encoder", "model.safetensors"), model, names);
  const renamed = Object.entries(params).map(([name, value]) => [`text.${name}`, value] as const);
  return {
    // Its networks see padding as any other token.
    description: { tokenizer: await readTokenizer(folder, model.length), model: spec, maskPadding: false },
    params: Object.fromEntries(renamed),
  };
}

type Settings = Readonly<Record<string, unknown>>;

/** CLIP's tokenizer, with the padding and the length that the folder's own says. */
async function readTokenizer(
  folder: string,
  most: number,
): Promise<{ name: string; [option: string]: unknown }> {
  const path = join(folder, "tokenizer", "tokenizer_config.json");
  const config = (await readSettings(path, where)) as Settings;
  const padding = tokenOf(config.pad_token) ?? "<|endoftext|>";
  if (padding !== "!" && padding !== "<|endoftext|>")
    fail(where, `${path}: "pad_token" is ${JSON.stringify(padding)}, expected "!" or "<|endoftext|>".`);
  const { model_max_length: given } = config;
  const modelMaxLength = typeof given === "number" && given <= most ? given : most;
  const vocabulary = (await readSettings(join(folder, "tokenizer", "vocab.json"), where)) as Settings;
  checkVocabulary(vocabulary, join(folder, "tokenizer", "vocab.json"));
  return { name: clipTokenizer.name, padToken: padding, modelMaxLength };
}

/** A token, which may be written with how it is stripped. */
function tokenOf(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  const content = (given as { readonly content?: unknown } | null | undefined)?.content;
  return typeof content === "string" ? content : undefined;
}

/** @throws DdpmError for a vocabulary that is not CLIP's: by its size, and its words of plain letters */
function checkVocabulary(vocabulary: Settings, path: string): void {
  const { encode, size } = clipTokenizer();
  const words = Object.entries(vocabulary).filter(([token]) => /^[a-z]+<\/w>$/.test(token));
  const other = words.find(([token, id]) => encode(token.slice(0, -4)).join() !== String(id));
  if (Object.keys(vocabulary).length === size && words.length > 0 && !other) return;
  const what = other ? `has ${JSON.stringify(other[0])} as ${String(other[1])}` : "is another one";
  fail(where, `${path} ${what}, expected CLIP's vocabulary of ${size} tokens.`);
}
