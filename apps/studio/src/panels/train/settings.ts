import * as z from "zod";
import { settingsOf } from "../../state/settings.ts";

const schema = z.object({
  size: z.int().min(8).max(64).default(16),
  width: z.int().min(8).max(128).default(16),
  levels: z.int().min(1).max(4).default(2),
  blocks: z.int().min(1).max(3).default(1),
  attention: z.boolean().default(false),
  labelled: z.boolean().default(true),
  schedule: z.string().default("cosine"),
  parameterization: z.enum(["eps", "x0", "v"]).default("v"),
  batch: z.int().min(1).max(128).default(16),
  rate: z.number().min(1e-6).max(0.1).default(1e-3),
  images: z.int().min(16).max(10_000_000).default(16_000),
  seed: z.int().min(0).default(0),
});

export type TrainSettings = z.output<typeof schema>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<TrainSettings>("train", schema);
