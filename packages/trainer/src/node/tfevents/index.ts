import { join } from "node:path";
import { appendFile, cutFile } from "../append.ts";
import { disk, type Files, hasCode } from "../files.ts";
import type { LogRow } from "../log.ts";
import {
  type EventPicture,
  factsOf,
  pictureEvent,
  scalarsEvent,
  sessionStartEvent,
  versionEvent,
} from "./event.ts";
import { readTfRecords, tfRecord } from "./record.ts";

/** Writes what TensorBoard shows; steps are images seen. */
export interface EventFile {
  readonly path: string;
  /** Every number of a row, under `<group>/<name>`. */
  row(row: LogRow, group?: string): Promise<void>;
  /** A picture under `tag`. */
  picture(images: number, tag: string, picture: EventPicture): Promise<void>;
  /**
   * For a run that resumes at `images`: cuts off a torn end, and where events after `images` are there, adds the start of a
   * session, from which on TensorBoard drops them. It stays the same file, so an open TensorBoard keeps reading it.
   */
  resumeAt(images: number): Promise<void>;
}

/** Name of the one event file of a run: TensorBoard looks for `tfevents`. */
const NAME = "events.out.tfevents.ddpm";

/**
 * The event file of a run: `tensorboard --logdir <run>` shows it. One process writes to a run.
 *
 * @param folder the run's folder
 * @param now    seconds since 1970
 */
export function eventFile(
  folder: string,
  now: () => number = () => Date.now() / 1000,
  files: Files = disk,
): EventFile {
  const path = join(folder, NAME);
  const append = (event: Uint8Array): Promise<void> =>
    appendFile(
      path,
      (size) => (size === 0 ? Buffer.concat([begin(), tfRecord(event)]) : tfRecord(event)),
      files,
    );
  const begin = (): Uint8Array => tfRecord(versionEvent(now()));
  return {
    path,
    async row({ images, ...fields }, group = "train") {
      const numbers = Object.entries(fields).filter(([, value]) => typeof value === "number");
      const tagged = numbers.map(([name, value]) => [`${group}/${name}`, value as number] as const);
      if (tagged.length > 0) await append(scalarsEvent(now(), images, Object.fromEntries(tagged)));
    },
    picture: (images, tag, picture) => append(pictureEvent(now(), images, tag, picture)),
    async resumeAt(images) {
      const bytes = await files.readFile(path).catch((error: unknown) => {
        if (hasCode(error, "ENOENT")) return undefined;
        throw error;
      });
      if (!bytes) return;
      const { end, lastStep, sessions } = written(bytes);
      if (end < bytes.length) await cutFile(path, end, files);
      if (lastStep <= images) return;
      // TensorBoard takes the first start for that of the run, and only later ones for restarts.
      for (let i = Math.min(sessions, 1); i < 2; i++) await append(sessionStartEvent(now(), images + 1));
    },
  };
}

/** Offset behind the last whole event, the largest step since the last start of a session, and how many starts there are. */
function written(bytes: Uint8Array): {
  readonly end: number;
  readonly lastStep: number;
  readonly sessions: number;
} {
  let end = 0;
  let lastStep = 0;
  let sessions = 0;
  for (const record of readTfRecords(bytes)) {
    const { step, startsSession } = factsOf(record.data);
    lastStep = startsSession ? step - 1 : Math.max(lastStep, step);
    if (startsSession) sessions++;
    end = record.end;
  }
  return { end, lastStep, sessions };
}
