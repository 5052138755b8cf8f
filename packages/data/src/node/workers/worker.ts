import { parentPort } from "node:worker_threads";
import { limiter } from "../../bytes/limiter.ts";
import { makeRows } from "../../stream/rows.ts";
import { bytesNow } from "../files.ts";
import { pictureDecoder } from "../pictures/picture-decoder.ts";
import { type Answer, type Request, type SentDecoded, sentError, type Work } from "./protocol.ts";

/** Pictures that a thread has libvips decode at a time, which does so outside of JavaScript. */
const lanes = limiter(4);

/** Does one job: the body of every thread that `dataWorkers` starts. */
export async function work(job: Work[keyof Work]["job"]): Promise<Work[keyof Work]["result"]> {
  if (job.kind === "rows") return makeRows(job.plan, job.images);
  const decode = pictureDecoder(job.look, lanes);
  return Promise.all(
    job.pictures.map(async ({ file, bytes }): Promise<SentDecoded> => {
      try {
        // Nothing else waits for this thread, and a promise costs more than reading a small file.
        const { pixels, height, width } = await decode(file, () => bytes ?? bytesNow(file));
        return { pixels: pixels.slice(), height, width };
      } catch (error) {
        return { error: sentError(error) };
      }
    }),
  );
}

/** The memory of a result, to be transferred instead of copied. */
function memoryOf(result: Work[keyof Work]["result"]): ArrayBuffer[] {
  const arrays =
    "data" in result
      ? [result.data, result.augmentLabels]
      : result.map((one) => ("pixels" in one ? one.pixels : undefined));
  return arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
}

parentPort?.on("message", async ({ id, job }: Request) => {
  try {
    const result = await work(job);
    parentPort!.postMessage({ id, result } satisfies Answer, memoryOf(result));
  } catch (error) {
    parentPort!.postMessage({ id, error: sentError(error) } satisfies Answer);
  }
});
