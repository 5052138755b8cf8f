import { fail } from "@ddpm/core";
import type { DhariwalOptions } from "../nets/dhariwal.ts";
import type { SongOptions } from "../nets/song.ts";
import { channelCounts } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

type Song = Required<SongOptions> & { readonly name: "song" };
type Dhariwal = Required<DhariwalOptions> & { readonly name: "dhariwal" };

/** Arguments of EDM's SongUNet and DhariwalUNet. */
export const edmWriter: Writer = {
  denoisers: ["song", "dhariwal"],
  arguments(given: Song | Dhariwal, [height, width]) {
    if (height !== width) {
      fail("unet/edm", `images of ${height} × ${width} pixels.`, "It names levels by the side of a square.");
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
  },
};

function ofSong(given: Song): object {
  return {
    embedding_type: given.waves === "fourier" ? "fourier" : "positional",
    channel_mult_noise: given.waveFactor,
    encoder_type: given.encoder,
    decoder_type: given.decoder,
    resample_filter: given.taps,
  };
}
