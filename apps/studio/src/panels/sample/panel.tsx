import { useEffect, useState } from "preact/hooks";
import {
  emptyMask,
  type Mask,
  maskFrom,
  maskText,
  middleOf,
  withRectangle,
} from "../../model/pictures/mask.ts";
import { refreshRuns, runs } from "../../state/runs.ts";
import { change } from "../../state/settings.ts";
import { CopyButton } from "../../ui/controls/copy-button.tsx";
import { Segments } from "../../ui/controls/segments.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { codeOf } from "./drawing/code-of.ts";
import { commandOf } from "./drawing/command-of.ts";
import { DrawingOptions } from "./drawing/drawing-options.tsx";
import { neededBy, requestOf } from "./drawing/request.ts";
import { ModelChoice } from "./model/model-choice.tsx";
import { useModel } from "./model/use-model.ts";
import { Results } from "./results/results.tsx";
import { failure, forgetSamples, lanes, sampling, startSampling, stopSampling } from "./results/sampling.ts";
import { type SampleSettings, settings, TASKS } from "./settings.ts";
import { Easel } from "./task/easel.tsx";
import { TaskOptions, taskLabels } from "./task/task-options.tsx";
import { usePictures } from "./task/use-pictures.ts";

/** From noise or pictures to pictures, step by step, with any samplers side by side. */
export function SamplePanel() {
  const current = settings.value;
  const [way, setWay] = useState(1);
  const { model, problem } = useModel(current.model);
  const classes = model?.classes ?? [];
  const shape = model?.shape;
  const pictures = usePictures(
    model && {
      ...{ model: model.choice, shape: model.shape, data: model.config.data },
      ...{ classes: classes.length, settings: current },
    },
  );
  const mask = shape && maskOf(current.mask, { height: shape[0], width: shape[1] });
  const given = { ...pictures, mask };
  const ready = model !== undefined && requestOf(current, model.choice, classes.length, given) !== undefined;

  const draw = (): void => {
    const now = settings.peek();
    const input = model && requestOf(now, model.choice, classes.length, given);
    if (!input) return;
    setWay(1);
    const names = now.task === "paint" ? ["repaint"] : now.samplers.map(({ name }) => name);
    startSampling(input, names);
  };
  useEffect(() => {
    if (!runs.peek()) refreshRuns().catch(failed);
  }, []);
  const [opened, setOpened] = useState("");
  const busy = sampling.value || !ready || opened !== current.model;
  useEffect(() => {
    // What comes with the page draws at once; a large run of the visitor's own may not be meant.
    if (!ready || opened === current.model) return;
    setOpened(current.model);
    if (lanes.peek().length === 0 && "shipped" in model.choice) draw();
  }, [ready, current.model]);
  const set = (part: Partial<SampleSettings>): void => change(settings, part);
  const other = (part: Partial<SampleSettings>): void => {
    forgetSamples();
    set(part);
  };
  const paint = (next: (mask: Mask) => Mask): void => {
    if (!shape) return;
    const now = maskOf(settings.peek().mask, { height: shape[0], width: shape[1] });
    set({ mask: maskText(next(now)) });
  };

  return (
    <>
      <h1>From noise to pictures</h1>
      <p class="lead">
        A sampler goes from noise to a picture in steps. At each the network predicts x̂
        <sub>0</sub> of the clean picture and goes a little towards it.
      </p>
      <div class="split result-first">
        <div class="card options">
          <ModelChoice value={current.model} onChange={(value) => other({ model: value, label: "turns" })} />
          <Segments
            label="What to draw"
            value={current.task}
            options={TASKS.map((task) => ({ value: task, label: taskLabels[task] }))}
            onChange={(task) => other({ task })}
          />
          <p class="row">
            <button type="button" class="primary" disabled={busy} onClick={draw}>
              Draw
            </button>
            <button type="button" disabled={!sampling.value} onClick={stopSampling}>
              Stop
            </button>
            {(current.task !== "mix" || current.between === "seeds") && (
              <button
                type="button"
                disabled={busy}
                onClick={() => {
                  set({ seed: current.seed + 1 });
                  draw();
                }}
              >
                Other noise
              </button>
            )}
          </p>
          <FailureNote error={failure.value ?? problem ?? pictures.problem} />
          <TaskOptions {...{ current, set }} />
          <DrawingOptions {...{ current, set, classes }} />
          <p class="row">
            <CopyButton label="Copy link" text={() => location.href} />
            <CopyButton
              label="Copy command"
              text={() =>
                commandOf(settings.peek(), "run" in (model?.choice ?? {}) ? current.model : "RUN", classes)
              }
            />
            <CopyButton
              label="Copy code"
              text={() => codeOf(settings.peek(), classes.length, model?.config.data)}
            />
          </p>
        </div>
        <div class="stack">
          <div class="stack">
            {neededBy(current).length > 0 && (
              <Easel
                task={current.task}
                {...{ pictures, mask }}
                busy={busy}
                onMask={paint}
                onDraw={draw}
                onFailure={failed}
              />
            )}
            <Results {...{ current, way, set }} onWay={setWay} />
          </div>
        </div>
      </div>
    </>
  );
}

function failed(error: unknown): void {
  failure.value = error;
}

/** The mask of the settings; the middle where they have none for pictures of this size. */
function maskOf(text: string, size: { readonly height: number; readonly width: number }): Mask {
  return maskFrom(text, size) ?? withRectangle(emptyMask(size), middleOf(size), true);
}
