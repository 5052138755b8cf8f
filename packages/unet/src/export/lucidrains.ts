import type { LucidrainsOptions } from "../nets/lucidrains.ts";
import { channelCounts, outDim } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

/** Arguments of denoising-diffusion-pytorch's Unet. */
export const lucidrainsWriter: Writer = {
  denoisers: ["lucidrains"],
  arguments(given: Required<LucidrainsOptions>) {
    const deepest = given.multipliers.length - 1;
    const full = given.fullAttention ?? [deepest];
    return {
      dim: given.dim,
      init_dim: given.initDim ?? null,
      out_dim: outDim(given, given.learnsVariance ? 2 : 1),
      dim_mults: given.multipliers,
      channels: channelCounts(given).taken,
      self_condition: given.selfCondition,
      learned_variance: given.learnsVariance,
      learned_sinusoidal_cond: given.waves === "learned",
      random_fourier_features: given.waves === "random",
      learned_sinusoidal_dim: given.waveWidth,
      sinusoidal_pos_emb_theta: given.theta,
      dropout: given.dropout,
      attn_dim_head: given.headWidth,
      attn_heads: given.heads,
      full_attn: given.multipliers.map((_, level) => full.includes(level)),
      flash_attn: false,
    };
  },
};
