import { expectShape, fail, INFERENCE, type Params, type Plugin } from "@ddpm/core";
import type { Autoencoder, Codebook } from "@ddpm/core/authoring";
import { conv2d, positiveInteger, type Run, type Scope, scope, uniform } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { autoencoderFrom, checkLatents } from "../autoencoder-from.ts";
import { nearestRows, rowsAt } from "../codebook/rows.ts";
import { straightThrough } from "../codebook/straight-through.ts";
import { spatialNorms } from "../layers/norms.ts";
import { plugin } from "../plugin.ts";
import { decoder } from "./levels/decoder.ts";
import { encoder } from "./levels/encoder.ts";
import { type LevelOptions, levelOptions } from "./levels/options.ts";
import { levelsOf } from "./levels/structure.ts";

const where = "autoencoder/vq";

/** Options of {@link vqAutoencoder}; meanings, ranges and defaults are in its schema. */
export interface VqAutoencoderOptions extends LevelOptions {
  latentChannels?: number | undefined;
  numVqEmbeddings?: number | undefined;
  vqEmbedDim?: number | null | undefined;
  normType?: "group" | "spatial" | undefined;
}

/** The autoencoder of latent diffusion whose latents are rows of a codebook. */
export const vqAutoencoder: Plugin<VqAutoencoderOptions, Autoencoder> = plugin({
  name: "vq",
  about:
    "diffusers' VQModel, its config.json in camel case: latents are quantised to the rows of a codebook.",
  source:
    "van den Oord et al. 2017; Esser et al. 2021; huggingface/diffusers src/diffusers/models/autoencoders/vq_model.py",
  options: {
    ...levelOptions,
    latentChannels: positiveInteger
      .default(3)
      .describe("channels at the encoder's end and the decoder's start"),
    numVqEmbeddings: positiveInteger.default(256).describe("rows of the codebook"),
    vqEmbedDim: positiveInteger.nullish().describe("numbers of a row; latentChannels when left out"),
    normType: z
      .enum(["group", "spatial"])
      .default("group")
      .describe("norms of the decoder: of groups; or scaled and shifted by the codes, pixel by pixel"),
  },
  create(given): Autoencoder {
    const { inChannels, outChannels, latentChannels, numVqEmbeddings: size, normType } = given;
    const width = given.vqEmbedDim ?? latentChannels;
    const spatial = normType === "spatial";
    const levels = levelsOf(where, given);
    if (spatial) checkSpatial(width, latentChannels, levels.widths);
    const root = scope();
    const down = encoder(root.child("encoder"), levels, { in: inChannels, out: latentChannels });
    const quant = conv2d(root.child("quant"), { in: latentChannels, out: width, kernel: 1 });
    const table = root.child("codebook").param("table", [size, width], uniform(1 / size));
    const postQuant = conv2d(root.child("postQuant"), { in: width, out: latentChannels, kernel: 1 });
    const norm = spatial ? spatialNorms(width) : levels.norm;
    const up = decoder(root.child("decoder"), levels, { in: latentChannels, out: outChannels, norm });
    const facts = { name: "vq", channels: inChannels, outputs: outChannels, latentChannels: width };
    const decode = (run: Run, codes: tf.Tensor4D): tf.Tensor4D =>
      up(run, postQuant(run, codes), spatial ? codes : undefined);
    const codebook = codebookOf({ ...facts, factor: levels.factor }, size, table, decode);
    return autoencoderFrom(root, {
      ...facts,
      factor: levels.factor,
      codebook,
      scale: given.scalingFactor,
      encode: (run, x) => quant(run, down(run, x)),
      decode: (run, latents) =>
        decode(run, straightThrough(latents, codebook.quantise(run.params, latents).codes)),
    });
  },
});

type Facts = Pick<Autoencoder, "name" | "channels" | "latentChannels" | "factor">;

function codebookOf(
  facts: Facts,
  size: number,
  table: ReturnType<Scope["param"]>,
  decode: (run: Run, codes: tf.Tensor4D) => tf.Tensor4D,
): Codebook {
  const rows = (params: Params): tf.Tensor2D => table<tf.Tensor2D>({ params, mode: INFERENCE });
  return {
    size,
    quantise(params, latents) {
      checkLatents(facts, latents.shape);
      return tf.tidy(() => {
        const indices = nearestRows(latents, rows(params));
        return { indices, codes: rowsAt(rows(params), indices) };
      });
    },
    lookup(params, indices) {
      expectShape(where, "indices", indices.shape, [-1, -1, -1]);
      return tf.tidy(() => rowsAt(rows(params), indices));
    },
    decode(params, codes, mode = INFERENCE) {
      checkLatents(facts, codes.shape);
      return tf.tidy(() => decode({ params, mode }, codes));
    },
  };
}

/** @throws DdpmError for channels that spatial norms do not take */
function checkSpatial(width: number, latentChannels: number, widths: readonly number[]): void {
  if (width !== latentChannels) {
    fail(
      where,
      `spatial norms of codes of ${width} numbers, and ${latentChannels} latent channels.`,
      "Leave vqEmbedDim out: both are the same number.",
    );
  }
  const uneven = widths.find((channels) => channels % 32 !== 0);
  if (uneven !== undefined)
    fail(where, `spatial norms of ${uneven} channels.`, "They have 32 groups: give multiples of 32.");
}
