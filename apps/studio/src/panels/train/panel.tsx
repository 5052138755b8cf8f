import { useEffect } from "preact/hooks";
import { configOf, type TrainForm } from "../../model/configuration/run-config.ts";
import { running } from "../../state/training.ts";
import { DataChoice } from "./data-choice.tsx";
import { facts, files, lookAgain, originOf } from "./data-files.ts";
import { NetworkCost } from "./network-cost.tsx";
import { NetworkForm } from "./network-form.tsx";
import { Progress } from "./progress.tsx";
import { RunsList } from "./runs-list.tsx";
import { settings } from "./settings.ts";
import { trial } from "./speed.ts";
import { pauseTraining, startTraining } from "./training.ts";

/** Classes of the embedded shapes. */
const SHAPES = 6;

/** Wait for the slider to rest. */
const PAUSE = 400;

/** A network on pictures, trained in this page; its run resumes after a reload and in the `ddpm` command. */
export function TrainPanel() {
  const { labelled, ...rest } = settings.value;
  const given = files.value;
  const classes = given ? (facts.value?.classes.length ?? 0) : SHAPES;
  const channels = given ? (facts.value?.channels ?? 3) : 3;
  const origin = given && originOf(given);
  const form: TrainForm = {
    ...rest,
    name: given ? "files" : "shapes",
    classes: labelled ? classes : 0,
    channels,
    ...(origin ? { origin } : {}),
    ...(given && facts.value ? { flip: facts.value.flippable } : {}),
  };
  const config = configOf(form);
  useEffect(() => {
    const timer = setTimeout(lookAgain, PAUSE);
    return () => clearTimeout(timer);
  }, [form.size]);
  const begin = (): void => {
    trial.value?.abort();
    void startTraining({ begin: config, ...(given ? { files: given } : {}) });
  };
  return (
    <>
      <h1>Train on images</h1>
      <p class="lead">
        A U-Net learns to predict the noise in images, on this machine. Checkpoints stay in this browser, so a
        run resumes after a reload; downloaded, it is a run folder of the <code>ddpm</code> command.
      </p>
      <div class="split training">
        <div class="card options begin">
          <h2>New run</h2>
          <DataChoice />
          <NetworkForm embedded={given === undefined} classes={classes} />
          <NetworkCost config={config} shape={[form.size, form.size, channels]} />
          <p class="row">
            <button
              type="button"
              class="primary"
              disabled={running.value || (given !== undefined && !facts.value)}
              onClick={begin}
            >
              Train
            </button>
            <button type="button" disabled={!running.value} onClick={pauseTraining}>
              Pause
            </button>
          </p>
        </div>
        <Progress />
        <section class="card runs" aria-label="Runs">
          <h2>Runs in this browser</h2>
          <RunsList />
        </section>
      </div>
    </>
  );
}
