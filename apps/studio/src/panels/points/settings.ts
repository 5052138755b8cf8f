import * as z from "zod";
import { settingsOf } from "../../state/settings.ts";

/** Point sets to choose from; `drawn` is what the visitor draws. */
export const SETS = ["spiral", "moons", "checkerboard", "gaussians", "drawn"] as const;

const schema = z.object({
  set: z.enum(SETS).default("moons"),
  schedule: z.string().default("cosine"),
  parameterization: z.enum(["eps", "x0", "v"]).default("v"),
  width: z.int().min(8).max(256).default(128),
  layers: z.int().min(1).max(6).default(3),
  rate: z.number().min(1e-5).max(0.1).default(2e-3),
  until: z.int().min(1024).max(2_000_000).default(200_000),
  seed: z.int().min(0).default(0),
  t: z.number().min(0.01).max(1).default(0.3),
  sampler: z.string().default("ddim"),
  steps: z.int().min(2).max(100).default(20),
  showField: z.boolean().default(true),
  showPaths: z.boolean().default(true),
  showData: z.boolean().default(true),
});

export type PointsSettings = z.output<typeof schema>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<PointsSettings>("points", schema);
