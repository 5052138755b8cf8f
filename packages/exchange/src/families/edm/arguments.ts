import { fail } from "@ddpm/core";
import type { DhariwalOptions, SongOptions } from "@ddpm/unet";
import { channelCounts } from "../../network/channel-counts.ts";

type Song = Required<SongOptions> & { readonly name: "song" };
type Dhariwal = Required<DhariwalOptions> & { readonly name: "dhariwal" };

/** Arguments of EDM's SongUNet and DhariwalUNet. */
export function argumentsOf(
  given: Song | Dhariwal,
  [height, width]: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  if (height !== width) {
    fail(
      "exchange/edm",
      `images of ${height} × ${width} pixels.`,
      "It names levels by the side of a square.",
    );
  }
  return {
    model_type: given.name === "song" ? "SongUNet" : "DhariwalUNet",
    img_resolution: height,
    in_channels: channelCounts(given).taken,
    out_channels: channelCounts(given).made,
    label_dim: given.classes ?? 0,
    augment_dim: given.augment ?? 0,
    model_channels: given.width,
    channel_mult: given.multipliers,
    channel_mult_emb: given.embeddingFactor,
    num_blocks: given.blocks,
    attn_resolutions: given.attention.map((level) => height >> level),
    dropout: given.dropout,
    ...(given.name === "song" ? ofSong(given) : {}),
  };
}

function ofSong(given: Song): object {
  return {
    embedding_type: given.waves === "fourier" ? "fourier" : "positional",
    channel_mult_noise: given.waveFactor,
    encoder_type: given.encoder,
    decoder_type: given.decoder,
    resample_filter: given.taps,
  };
}
