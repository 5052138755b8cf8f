import { useEffect, useState } from "preact/hooks";
import { refreshRuns, runs } from "../../state/runs.ts";
import { change } from "../../state/settings.ts";
import { Segments } from "../../ui/controls/segments.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { CopyButtons } from "./drawing/copy-buttons.tsx";
import { DrawButtons } from "./drawing/draw-buttons.tsx";
import { DrawingOptions } from "./drawing/drawing-options.tsx";
import { neededBy } from "./drawing/request.ts";
import { useDrawing } from "./drawing/use-drawing.ts";
import { ModelChoice } from "./model/model-choice.tsx";
import { useModel } from "./model/use-model.ts";
import { Results } from "./results/results.tsx";
import { failure, forgetSamples } from "./results/sampling.ts";
import { type SampleSettings, settings, TASKS } from "./settings.ts";
import { Easel } from "./task/easel.tsx";
import { TaskOptions, taskLabels } from "./task/task-options.tsx";
import { useMask } from "./task/use-mask.ts";
import { usePictures } from "./task/use-pictures.ts";

/** From noise or pictures to pictures, step by step, with any samplers side by side. */
export function SamplePanel() {
  const current = settings.value;
  const [progress, setProgress] = useState(1);
  const { model, problem } = useModel(current.model);
  const classes = model?.classes ?? [];
  const pictures = usePictures(
    model && {
      ...{ model: model.choice, shape: model.shape, data: model.config.data },
      ...{ classes: classes.length, settings: current },
    },
  );
  const { mask, paint } = useMask(model?.shape);
  const drawing = useDrawing(model, { ...pictures, mask }, () => setProgress(1));
  useEffect(() => {
    if (!runs.peek()) refreshRuns().catch(failed);
  }, []);
  return (
    <>
      <h1>From noise to pictures</h1>
      <p class="lead">
        A sampler turns noise into a picture in steps. At each step the network estimates the clean picture, x̂
        <sub>0</sub>, and the sampler moves a little towards it.
      </p>
      <div class="split result-first">
        <div class="card options">
          <ModelChoice
            value={current.model}
            onChange={(value) => startOver({ model: value, label: "turns", prompt: "" })}
          />
          <Segments
            label="What to draw"
            value={current.task}
            options={TASKS.map((task) => ({ value: task, label: taskLabels[task] }))}
            onChange={(task) => startOver({ task })}
          />
          <DrawButtons {...drawing} />
          <FailureNote error={failure.value ?? problem ?? pictures.problem} />
          <TaskOptions {...{ current, set }} />
          <DrawingOptions {...{ current, set, classes }} reads={model?.config.text !== undefined} />
          <CopyButtons model={model} />
        </div>
        <div class="stack">
          <div class="stack">
            {neededBy(current).length > 0 && (
              <Easel
                task={current.task}
                {...{ pictures, mask }}
                busy={drawing.busy}
                onMask={paint}
                onDraw={drawing.draw}
                onFailure={failed}
              />
            )}
            <Results {...{ current, progress, set }} onProgress={setProgress} />
          </div>
        </div>
      </div>
    </>
  );
}

function set(part: Partial<SampleSettings>): void {
  change(settings, part);
}

/** Another model or task: what was drawn does not belong to it. */
function startOver(part: Partial<SampleSettings>): void {
  forgetSamples();
  set(part);
}

function failed(error: unknown): void {
  failure.value = error;
}
