import { checkpoints } from "./checkpoints.ts";
import { checkRows } from "./checks.ts";
import { csv } from "./csv.ts";
import { curves } from "./curves.ts";
import { eventFile } from "./event-file.ts";
import { finalPictures } from "./final-pictures.ts";
import { heldOutLoss } from "./held-out.ts";
import type { ObservedImages } from "./observed-images.ts";
import type { Observer, Watched } from "./observer.ts";
import { reconstructions } from "./reconstructions.ts";
import { report } from "./report.ts";
import { samples } from "./samples.ts";

/** Loggers in addition to `log.jsonl`, by their name in the configuration. */
const loggers = { csv, tensorboard: eventFile } as const;

/** The observers of a training, in the order in which they are called: pictures before the report, checkpoints last. */
export function observersOf(watched: Watched, { training, heldOut }: ObservedImages): Observer[] {
  const { config } = watched;
  const saving = checkpoints(watched);
  const shown = watched.parts.trained
    ? [reconstructions(watched, watched.parts.trained, { training, heldOut })]
    : [
        samples(watched, training),
        finalPictures(watched),
        ...(heldOut ? [heldOutLoss(watched, heldOut, saving)] : []),
      ];
  return [
    ...config.loggers.map((name) => loggers[name](watched)),
    checkRows(watched, watched.parts.checks),
    ...shown,
    curves(watched),
    report(watched),
    saving,
  ];
}
