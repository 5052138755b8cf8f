import { formatShort } from "@ddpm/core/authoring";
import { smooth } from "@ddpm/viz/authoring";
import { useEffect, useState } from "preact/hooks";
import type { PointsViewInput } from "../../engine/jobs/points/view-points.ts";
import { makeSchedule } from "../../model/schedule-entry.ts";
import { Plot } from "../../ui/plot/plot.tsx";
import { DataChoice } from "./data-choice.tsx";
import { REACH } from "./draw-plane.ts";
import { PlaneCanvas } from "./plane-canvas.tsx";
import { settings } from "./settings.ts";
import { Terms } from "./terms.tsx";
import { TrainButtons } from "./train-buttons.tsx";
import { losses, perSecond, status, view, viewAgain } from "./training.ts";
import { TrainingOptions } from "./training-options.tsx";
import { usePlayback } from "./use-playback.ts";
import { usePoints } from "./use-points.ts";
import { useTraining } from "./use-training.ts";
import { ViewOptions } from "./view-options.tsx";

/** Points that are followed from noise to data, and arrows along each side. */
const SHOWN = { side: 22, reach: REACH, count: 250 };

/** A small network on points in the plane, trained in seconds: what it learns can be seen. */
export function PointsPanel() {
  const current = settings.value;
  const { set, t, steps, sampler, seed, showData, showField, showPaths } = current;
  const { points, drawn, draw, clear } = usePoints(set);
  const [progress, setProgress] = useState(1);
  const wanted: PointsViewInput = { t, steps, sampler, seed, ...SHOWN };
  useEffect(() => void viewAgain(wanted), [t, steps, sampler, seed]);
  const training = useTraining(points, wanted);
  usePlayback(view.value, setProgress);
  const level = makeSchedule(current.schedule, {}).schedule?.at(t) ?? { alpha: 1, sigma: 0 };
  const learned = view.value ? ", samples of the network, and its field" : "";
  return (
    <>
      <h1>Points in the plane</h1>
      <p class="lead">
        The same mathematics as for images, in two dimensions: a small network learns where the data is, and
        samples move there from noise.
      </p>
      <div class="split result-first">
        <div class="card options">
          <DataChoice {...{ set, drawn }} onClear={clear} />
          <TrainButtons {...training} />
          <ViewOptions {...{ progress }} onProgress={setProgress} />
          <TrainingOptions />
        </div>
        <div class="stack">
          <div class="card">
            <PlaneCanvas
              {...{ points, progress, showData, showField, showPaths }}
              view={view.value}
              label={`${points.length / 2} data points${learned}`}
              {...(set === "drawn" ? { onDraw: draw } : {})}
            />
          </div>
          <div class="card">
            <Losses until={current.until} />
          </div>
          <div class="card">
            <h2>Symbols</h2>
            <Terms t={t} {...level} />
          </div>
        </div>
      </div>
    </>
  );
}

function Losses({ until }: { readonly until: number }) {
  const { seen, loss } = losses.value;
  const running = status.value === "running";
  return (
    <Plot
      title={`Loss${running ? `, ${formatShort(perSecond.value)} points/s` : ""}`}
      xLabel="points seen"
      logY
      height={180}
      x={[0, running ? until : Math.max(1, seen.at(-1) ?? until)]}
      curves={[
        { name: "as logged", x: seen, y: loss, colour: 0, faint: true },
        { name: "smoothed", x: seen, y: smooth(loss, 0.9), colour: 0 },
      ]}
    />
  );
}
