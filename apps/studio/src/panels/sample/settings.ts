import { z } from "zod";
import { settingsOf } from "../../state/settings.ts";

const sampler = z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) });

const schema = z.object({
  /** A shipped model as `shipped:<name>`, or a run. */
  model: z.string().default("shipped:shapes"),
  samplers: z
    .array(sampler)
    .min(1)
    .max(6)
    .default([{ name: "ddim", options: {} }]),
  spacing: z.string().default("trailing"),
  steps: z.int().min(1).max(1000).default(20),
  count: z.int().min(1).max(64).default(12),
  seed: z.int().min(0).default(0),
  /** A class, each in turn, or none told. */
  label: z.union([z.literal("turns"), z.literal("none"), z.int().min(0)]).default("turns"),
  guidance: z.number().min(0).max(20).default(2),
});

export type SampleSettings = z.output<typeof schema>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<SampleSettings>("sample", schema);
