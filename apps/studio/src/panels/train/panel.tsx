import type { GivenFile } from "@ddpm/data/browser";
import { useState } from "preact/hooks";
import { configOf, networkOf, type TrainForm } from "../../model/run-config.ts";
import { FailureNote } from "../../ui/failure-note.tsx";
import { DataChoice } from "./data-choice.tsx";
import { NetworkCost } from "./network-cost.tsx";
import { NetworkForm } from "./network-form.tsx";
import { Progress } from "./progress.tsx";
import { RunsList } from "./runs-list.tsx";
import { settings } from "./settings.ts";
import { failure, pauseTraining, running, startTraining } from "./training.ts";

/** Classes of the embedded shapes. */
const SHAPES = 6;

/** A network on pictures, trained in this page; its run goes on after a reload and in the `ddpm` command. */
export function TrainPanel() {
  const [files, setFiles] = useState<readonly GivenFile[]>();
  const { labelled, ...rest } = settings.value;
  const form: TrainForm = {
    ...rest,
    name: files ? "files" : "shapes",
    classes: !files && labelled ? SHAPES : 0,
  };
  const begin = (): void => void startTraining({ begin: configOf(form), ...(files ? { files } : {}) });
  return (
    <>
      <h1>Train on pictures</h1>
      <p class="lead">
        A U-Net learns to tell noise from picture, on this machine. Checkpoints stay in this browser, so a run
        goes on after a reload; downloaded, it is a run folder of the <code>ddpm</code> command.
      </p>
      <div class="split">
        <div class="stack">
          <div class="card options">
            <h2>New run</h2>
            <DataChoice files={files} onFiles={setFiles} />
            <NetworkForm embedded={files === undefined} />
            <NetworkCost denoiser={networkOf(form)} size={form.size} batch={form.batch} />
            <p class="row">
              <button type="button" class="primary" disabled={running.value} onClick={begin}>
                Train
              </button>
              <button type="button" disabled={!running.value} onClick={pauseTraining}>
                Pause
              </button>
            </p>
            <FailureNote error={failure.value} />
          </div>
          <section class="card" aria-label="Runs">
            <h2>Runs in this browser</h2>
            <RunsList />
          </section>
        </div>
        <Progress />
      </div>
    </>
  );
}
