import * as z from "zod";
import { settingsOf } from "../../state/settings.ts";

const schema = z.object({
  picture: z.string().default("sunset"),
  t: z.number().min(0).max(1).default(0.4),
  stages: z.int().min(2).max(50).default(9),
  seed: z.int().min(0).default(0),
  schedules: z.array(z.string()).min(1).max(12).default(["linear", "cosine"]),
});

export type NoisingSettings = z.output<typeof schema>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<NoisingSettings>("noising", schema);
