import "./no-eval.ts";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { deviceFailure } from "./backends/current.ts";
import { failureOf } from "./failure.ts";
import * as jobs from "./jobs/index.ts";
import type { FromWorker, JobName, ToWorker } from "./protocol.ts";

/** The end of the channel to the page. */
interface Port {
  postMessage(message: FromWorker, transfer: readonly Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** The one worker: TensorFlow.js runs here alone, so that nothing computed blocks the page. */
const port = globalThis as unknown as Port;
const jobByName: Readonly<Record<JobName, unknown>> = jobs;
const running = new Map<number, AbortController>();

port.onmessage = ({ data }) => {
  if (data.type === "abort") running.get(data.id)?.abort();
  else void answer(data.id, data.name, data.input);
};

async function answer(id: number, name: JobName, input: unknown): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  const job = jobByName[name] as (input: unknown, context: unknown) => Promise<unknown>;
  try {
    const output = await job(input, {
      emit: (event: unknown, transfer: readonly ArrayBuffer[] = []) =>
        port.postMessage({ type: "event", id, event }, transfer),
      signal: stop.signal,
    });
    port.postMessage({ type: "done", id, output }, []);
  } catch (error) {
    const failure = deviceFailure() ?? failureOf(error);
    if (failure.lost) console.warn(error);
    else console.error(error);
    port.postMessage({ type: "failed", id, failure }, []);
  } finally {
    running.delete(id);
  }
}
