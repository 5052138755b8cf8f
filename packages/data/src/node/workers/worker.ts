import { parentPort } from "node:worker_threads";
import { makeRows } from "../../rows.ts";
import { decodeImage } from "../decode.ts";
import { type Answer, type Request, sentError, type Work } from "./protocol.ts";

/** Does one job: the body of every thread that `dataWorkers` starts. */
export async function work(job: Work[keyof Work]["job"]): Promise<Work[keyof Work]["result"]> {
  if (job.kind === "rows") return makeRows(job.plan, job.images);
  return decodeImage(job.bytes, job.file, job.look);
}

/** The memory of a result, to be handed over instead of copied. */
function memoryOf(result: Work[keyof Work]["result"]): ArrayBuffer[] {
  const arrays = "pixels" in result ? [result.pixels] : [result.data, result.augmentLabels];
  return arrays.flatMap((array) =>
    array?.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength
      ? [array.buffer]
      : [],
  );
}

parentPort?.on("message", async ({ id, job }: Request) => {
  try {
    const result = await work(job);
    parentPort!.postMessage({ id, result } satisfies Answer, memoryOf(result));
  } catch (error) {
    parentPort!.postMessage({ id, error: sentError(error) } satisfies Answer);
  }
});
