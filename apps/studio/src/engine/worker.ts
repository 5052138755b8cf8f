import "./no-eval.ts";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { deviceFailure } from "./backends/current.ts";
import { failureOf } from "./failure.ts";
import { describeJob } from "./jobs/describe.ts";
import { estimateJob } from "./jobs/estimate.ts";
import { exportRunJob } from "./jobs/export-run.ts";
import { forgetFetchedJob, listFetchedJob } from "./jobs/fetched.ts";
import { filmJob } from "./jobs/film.ts";
import { importRunJob } from "./jobs/import-run.ts";
import { lookJob } from "./jobs/look.ts";
import { modelFactsJob } from "./jobs/model-facts.ts";
import { pointsTrainJob, pointsViewJob } from "./jobs/points.ts";
import { rateJob } from "./jobs/rate.ts";
import { listRunsJob, removeRunJob } from "./jobs/runs.ts";
import { sampleJob } from "./jobs/sample.ts";
import { startJob } from "./jobs/start.ts";
import { trainJob } from "./jobs/train.ts";
import { fitWeightsJob, keepWeightsJob, readWeightsJob } from "./jobs/weights.ts";
import type { CallName, FromWorker, Job, ToWorker } from "./protocol.ts";

/** The one worker: it alone has TensorFlow.js, so nothing that is computed can hold up the page. */
const jobs: { readonly [Name in CallName]: Job<Name> } = {
  start: startJob,
  describe: describeJob,
  "points.train": pointsTrainJob,
  "points.view": pointsViewJob,
  "runs.list": listRunsJob,
  "runs.remove": removeRunJob,
  "runs.export": exportRunJob,
  "runs.import": importRunJob,
  "data.look": lookJob,
  "data.fetched": listFetchedJob,
  "data.forget": forgetFetchedJob,
  estimate: estimateJob,
  "train.rate": rateJob,
  train: trainJob,
  sample: sampleJob,
  "weights.read": readWeightsJob,
  "weights.fit": fitWeightsJob,
  "weights.keep": keepWeightsJob,
  "model.facts": modelFactsJob,
  film: filmJob,
};

interface Port {
  postMessage(message: FromWorker, transfer: readonly Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const port = globalThis as unknown as Port;
const running = new Map<number, AbortController>();

port.onmessage = ({ data }) => {
  if (data.type === "abort") running.get(data.id)?.abort();
  else void answer(data.id, data.name, data.input);
};

async function answer(id: number, name: CallName, input: unknown): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  const job = jobs[name] as (input: unknown, context: unknown) => Promise<unknown>;
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
