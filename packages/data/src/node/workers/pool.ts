import type { Worker } from "node:worker_threads";
import { DdpmError, fail } from "@ddpm/core";
import { processors } from "@ddpm/core/node";
import type { DecodedPicture } from "../../pictures/decoded-picture.ts";
import { makeRows, type Rows, type RowWorkers } from "../../stream/rows.ts";
import type { DecodeOptions } from "../pictures/decode.ts";
import { joinedRows } from "./joined-rows.ts";
import { type Job, pictureGroup, type WaitingPicture } from "./picture-group.ts";
import { type Answer, receivedError, type Work } from "./protocol.ts";
import { startWorker } from "./start.ts";

/** Threads that decode, resize and augment, so that the thread which trains need not. */
export interface DataWorkers extends RowWorkers {
  /** Number of threads. */
  readonly count: number;
  /**
   * Decodes a picture.
   *
   * @param file  what messages call it; read from there where no bytes are given
   * @throws DdpmError as `decodeImage` does; when a thread has died, or the workers are closed
   */
  decode(file: string, bytes: Uint8Array | undefined, look: DecodeOptions): Promise<DecodedPicture>;
  /** Ends the threads; what is under way fails. */
  close(): Promise<void>;
}

/** How many threads. */
export interface DataWorkersOptions {
  /** From 1; default: the processors that the process may use, less one for training. */
  readonly count?: number | undefined;
}

/** Groups of pictures that a thread has at a time, so that it need not wait for the next. */
const AT_A_TIME = 2;

/**
 * A pool of threads, started when there is the first job. While idle they do not keep the process alive. A thread that
 * dies fails all that is under way, and whatever is asked for later.
 *
 * @param start makes a thread, for tests
 * @throws DdpmError for a count that is not a whole number from 1
 */
export function dataWorkers(
  { count = Math.max(1, processors().count - 1) }: DataWorkersOptions = {},
  start: () => Worker = startWorker,
): DataWorkers {
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= 256))
    fail("data/workers", `${count} workers, expected a whole number from 1 to 256.`);
  const threads: { readonly worker: Worker; readonly under: Map<number, Job> }[] = [];
  const pictures: WaitingPicture[] = [];
  let number = 0;
  let awake = false;
  let ended: DdpmError | undefined;

  const end = (error: DdpmError): void => {
    if (ended) return;
    ended = error;
    const lost = [...threads.flatMap(({ under }) => [...under.values()]), ...pictures.splice(0)];
    for (const { worker, under } of threads) {
      under.clear();
      void worker.terminate();
    }
    for (const { reject } of lost) reject(error);
  };
  const begin = (): void => {
    const worker = start();
    const under = new Map<number, Job>();
    const name = `worker ${threads.length + 1} of ${count}`;
    const died = (why: string): void =>
      end(new DdpmError("data/workers", `${name} died (${why}).`, "Resume; with fewer workers, maybe."));
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const job = under.get(answer.id);
      under.delete(answer.id);
      if (under.size === 0) worker.unref();
      if ("error" in answer) job?.reject(receivedError(answer.error));
      else job?.resolve(answer.result as never);
      feed();
    });
    worker.on("error", (error) => died(error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => died(`exit code ${code}`));
    threads.push({ worker, under });
  };
  /** The thread with least to do; a new one rather than one that is busy. */
  const idlest = (): (typeof threads)[number] => {
    if (threads.length < count && threads.every(({ under }) => under.size > 0)) begin();
    return threads.reduce((best, thread) => (best.under.size <= thread.under.size ? best : thread));
  };
  const send = ({ worker, under }: (typeof threads)[number], job: Job): void => {
    const id = number++;
    if (under.size === 0) worker.ref();
    under.set(id, job);
    worker.postMessage({ id, job: job.job });
  };
  const feed = (): void => {
    awake = false;
    while (pictures.length > 0 && !ended) {
      const thread = idlest();
      if (thread.under.size >= AT_A_TIME) return;
      send(thread, pictureGroup(pictures, count));
    }
  };
  const ask = <Kind extends keyof Work>(job: Work[Kind]["job"]): Promise<Work[Kind]["result"]> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      send(idlest(), { job, resolve, reject });
    });

  return {
    count,
    decode: (file, bytes, look) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        pictures.push({ picture: { file, bytes: bytes && alone(bytes) }, look, resolve, reject });
        // Later, when those requested in the same task are there too.
        if (!awake) queueMicrotask(feed);
        awake = true;
      }),
    async rows(plan, images): Promise<Rows> {
      if (ended) throw ended;
      // Cropping, mirroring and scaling cost less than sending the pixels to and fro.
      if (plan.augment === undefined) return makeRows(plan, images);
      const size = Math.max(1, Math.ceil(images.length / count));
      const parts = Array.from({ length: Math.max(1, Math.ceil(images.length / size)) }, (_, i) =>
        images.slice(i * size, (i + 1) * size).map(({ k, pixels, values }) => ({
          k,
          pixels: alone(pixels),
          values: values && alone(values),
        })),
      );
      return joinedRows(
        await Promise.all(parts.map((part) => ask<"rows">({ kind: "rows", plan, images: part }))),
      );
    },
    async close() {
      end(new DdpmError("data/workers", "the workers are closed.", "Open the set again."));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** The array without the rest of its buffer, which would be sent, too. */
function alone<Bytes extends Uint8Array | Uint8ClampedArray | Float32Array>(bytes: Bytes): Bytes {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : (bytes.slice() as Bytes);
}
