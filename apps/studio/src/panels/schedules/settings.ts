import * as z from "zod";
import { settingsOf } from "../../state/settings.ts";

const entry = z.object({
  name: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
});

/** A schedule on the list: its name and the options that were set. */
export type Entry = z.output<typeof entry>;

const schema = z.object({
  entries: z
    .array(entry)
    .max(24)
    .default([
      { name: "linear", options: {} },
      { name: "cosine", options: {} },
      { name: "sigmoid", options: {} },
    ]),
  own: z.string().max(100_000).default("abar = (1 - t)^2"),
  ownShown: z.boolean().default(false),
  ownSteps: z.int().min(2).max(10_000).default(1000),
});

export type SchedulesSettings = z.output<typeof schema>;

/** What the panel shows; in the page's address. */
export const settings = settingsOf<SchedulesSettings>("schedules", schema);
