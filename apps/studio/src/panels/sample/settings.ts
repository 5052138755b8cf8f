import * as z from "zod";
import { settingsOf } from "../../state/settings.ts";

const sampler = z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).default({}) });

/** A picture to work on: one that comes with the page, the visitor's own, or one that the model drew. */
const source = z.union([
  z.object({ builtIn: z.string() }),
  z.object({ own: z.string() }),
  z.object({ drawn: z.object({ seed: z.int().min(0), number: z.int().min(0) }) }),
]);

/** What there is to do with a model. */
export const TASKS = ["noise", "edit", "paint", "mix"] as const;

const schema = z.object({
  /** A shipped model as `shipped:<name>`, or a run. */
  model: z.string().default("shipped:shapes"),
  task: z.enum(TASKS).default("noise"),
  samplers: z
    .array(sampler)
    .min(1)
    .max(6)
    .default([{ name: "ddim", options: {} }]),
  spacing: z.string().default("trailing"),
  steps: z.int().min(1).max(1000).default(20),
  count: z.int().min(1).max(64).default(12),
  seed: z.int().min(0).default(0),
  /** A class, every class in turn, or none. */
  label: z.union([z.literal("turns"), z.literal("none"), z.int().min(0)]).default("turns"),
  guidance: z.number().min(0).max(20).default(2),
  /** What a network that reads captions is to draw; any picture when empty. */
  prompt: z.string().max(2000).default(""),
  /** The given picture, and the other end of an interpolation. */
  picture: source.default({ drawn: { seed: 0, number: 0 } }),
  other: source.default({ drawn: { seed: 0, number: 1 } }),
  /** Share of the trajectory that is noised and run again. */
  strength: z.number().gt(0).max(1).default(0.5),
  /** Where to paint, as `model/mask.ts` writes it; the middle when empty. */
  mask: z.string().default(""),
  jump: z.int().min(1).max(50).default(5),
  repeats: z.int().min(1).max(20).default(3),
  /** Between seeds or between pictures. */
  between: z.enum(["seeds", "pictures"]).default("seeds"),
  /** The other seed. */
  seed2: z.int().min(0).default(1),
  /** Pictures of the interpolation, both ends among them. */
  stages: z.int().min(2).max(32).default(9),
});

export type SampleSettings = z.output<typeof schema>;

export type Task = SampleSettings["task"];

export type PictureSource = z.output<typeof source>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<SampleSettings>("sample", schema);
