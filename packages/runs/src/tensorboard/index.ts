import type { LogRow } from "../log.ts";
import { bytesOf } from "../storage/content.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import {
  type EventPicture,
  factsOf,
  pictureEvent,
  scalarsEvent,
  sessionStartEvent,
  versionEvent,
} from "./event.ts";
import { readTfRecords, tfRecord } from "./record.ts";

export type { EventPicture };

/** Writes what TensorBoard shows; steps are images seen. */
export interface EventFile {
  /** With the location of the storage. */
  readonly path: string;
  /** Every number of a row, under `<group>/<name>`. */
  row(row: LogRow, group?: string): Promise<void>;
  /** A picture under `tag`. */
  picture(images: number, tag: string, picture: EventPicture): Promise<void>;
  /**
   * For a run that resumes at `images`: removes an event that was cut off, and where there are events after `images`, adds the
   * start of a session, at which TensorBoard drops them. An open TensorBoard keeps reading the file.
   */
  resumeAt(images: number): Promise<void>;
}

/** Name of the one event file of a run: TensorBoard looks for `tfevents`. */
const NAME = "events.out.tfevents.ddpm";

/**
 * The event file of a run: `tensorboard --logdir <run>` shows it. One process writes to a run.
 *
 * @param now seconds since 1970
 */
export function eventFile(run: RunStorage, now: () => number = () => Date.now() / 1000): EventFile {
  let started = false;
  const append = async (event: Uint8Array): Promise<void> => {
    started ||= ((await run.read(NAME))?.length ?? 0) > 0;
    const records = [...(started ? [] : [tfRecord(versionEvent(now()))]), tfRecord(event)];
    await run.append(NAME, bytesOf(records));
    started = true;
  };
  return {
    path: placeOf(run, NAME),
    async row({ images, ...fields }, group = "train") {
      const numbers = Object.entries(fields).filter(([, value]) => typeof value === "number");
      const tagged = numbers.map(([name, value]) => [`${group}/${name}`, value as number] as const);
      if (tagged.length > 0) await append(scalarsEvent(now(), images, Object.fromEntries(tagged)));
    },
    picture: (images, tag, picture) => append(pictureEvent(now(), images, tag, picture)),
    async resumeAt(images) {
      const bytes = await run.read(NAME);
      if (!bytes) return;
      const { end, lastStep, sessions } = written(bytes);
      if (end < bytes.length) await run.truncate(NAME, end);
      started = end > 0;
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
