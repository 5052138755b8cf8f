import { expectShape, fail, INFERENCE, type Plugin } from "@ddpm/core";
import type { Autoencoder, Codebook } from "@ddpm/core/authoring";
import { conv2d, positiveInteger, type Run, type Scope, scope, uniform } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { autoencoderFrom, checkLatents } from "../autoencoder-from.ts";
import { averagedRows, type MoveRows } from "../codebook/averaged-rows.ts";
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
  codebookDecay?: number | undefined;
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
    codebookDecay: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe(
        "rows are averages of the latents that chose them, with this decay; left out, rows are learned",
      ),
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
    const table = tableOf(root.child("codebook"), [size, width], given.codebookDecay);
    const postQuant = conv2d(root.child("postQuant"), { in: width, out: latentChannels, kernel: 1 });
    const norm = spatial ? spatialNorms(width) : levels.norm;
    const up = decoder(root.child("decoder"), levels, { in: latentChannels, out: outChannels, norm });
    const facts = { name: "vq", channels: inChannels, outputs: outChannels, latentChannels: width };
    const decode = (run: Run, codes: tf.Tensor4D): tf.Tensor4D =>
      up(run, postQuant(run, codes), spatial ? codes : undefined);
    const codebook = codebookOf({ ...facts, factor: levels.factor }, table, decode);
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

/** The rows, and how training moves them where they are averages. */
interface Table {
  readonly size: number;
  readonly rows: (run: Run) => tf.Tensor2D;
  readonly move?: MoveRows;
}

function tableOf(at: Scope, [size, width]: readonly [number, number], decay: number | undefined): Table {
  const trainable = decay === undefined;
  const read = at.param("table", [size, width], uniform(1 / size), { trainable });
  const rows = (run: Run): tf.Tensor2D => read<tf.Tensor2D>(run);
  return trainable ? { size, rows } : { size, rows, move: averagedRows(at, { size, rows, decay }) };
}

function codebookOf(
  facts: Facts,
  { size, rows, move }: Table,
  decode: (run: Run, codes: tf.Tensor4D) => tf.Tensor4D,
): Codebook {
  return {
    size,
    quantise(params, latents, mode = INFERENCE) {
      checkLatents(facts, latents.shape);
      return tf.tidy(() => {
        const table = rows({ params, mode });
        const indices = nearestRows(latents, table);
        move?.({ params, mode }, latents, indices);
        return { indices, codes: rowsAt(table, indices) };
      });
    },
    lookup(params, indices) {
      expectShape(where, "indices", indices.shape, [-1, -1, -1]);
      return tf.tidy(() => rowsAt(rows({ params, mode: INFERENCE }), indices));
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
