import { join } from "node:path";
import { explain, writeFileAtomic } from "../atomic.ts";
import { disk, type Files, hasCode } from "../files.ts";
import type { LogRow } from "../log.ts";
import { type EventPicture, pictureEvent, scalarsEvent, stepOf, versionEvent } from "./event.ts";
import { readTfRecords, tfRecord } from "./record.ts";

/** Writes what TensorBoard shows; steps are images seen. */
export interface EventFile {
  readonly path: string;
  /** Every number of a row, under `<group>/<name>`. */
  row(row: LogRow, group?: string): Promise<void>;
  /** A picture under `tag`. */
  picture(images: number, tag: string, picture: EventPicture): Promise<void>;
  /** Takes back whatever lies after `images`, and a torn end: for a run that goes on from there. */
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
  const append = async (event: Uint8Array): Promise<void> => {
    const handle = await files.open(path, "a");
    const { size } = await handle.stat();
    try {
      if (size === 0) await handle.writeFile(tfRecord(versionEvent(now())));
      await handle.writeFile(tfRecord(event));
    } catch (error) {
      await handle.truncate(size).catch(() => {});
      explain(path, error);
    } finally {
      await handle.close();
    }
  };
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
      if (bytes) await writeFileAtomic(path, bytes.subarray(0, endOf(bytes, images)), files);
    },
  };
}

/** Offset behind the last event up to `images`. */
function endOf(bytes: Uint8Array, images: number): number {
  let end = 0;
  for (const record of readTfRecords(bytes)) {
    if (stepOf(record.data) > images) break;
    end = record.end;
  }
  return end;
}
