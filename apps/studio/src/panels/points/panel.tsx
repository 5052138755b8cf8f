import { smooth } from "@ddpm/viz/authoring";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PointsViewInput } from "../../engine/jobs/points/view-points.ts";
import { makeSchedule } from "../../model/schedule-entry.ts";
import { change } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { short } from "../../ui/plot/axis.ts";
import { Plot } from "../../ui/plot/plot.tsx";
import { REACH } from "./draw-plane.ts";
import { PlaneCanvas } from "./plane-canvas.tsx";
import { presetPoints } from "./point-sets.ts";
import { SETS, settings } from "./settings.ts";
import { Terms } from "./terms.tsx";
import { failure, lookAgain, losses, perSecond, status, stopPoints, trainPoints, view } from "./training.ts";

/** Fewer points than this are no distribution. */
const FEWEST = 20;
const SAMPLERS = ["ddim", "ddpm", "heun", "dpmpp-2m", "euler-ancestral"];

/** A small network on points in the plane, trained in seconds: what it learns can be seen. */
export function PointsPanel() {
  const current = settings.value;
  const { set, t } = current;
  const [drawn, setDrawn] = useState<readonly number[]>([]);
  const [way, setWay] = useState(1);
  const points = useMemo(
    () => (set === "drawn" ? Float32Array.from(drawn) : presetPoints(set)),
    [set, drawn],
  );
  const running = status.value === "running";
  const wanted: PointsViewInput = {
    ...{ t, steps: current.steps, sampler: current.sampler, seed: current.seed },
    side: 22,
    reach: REACH,
    count: 250,
  };
  useEffect(() => void lookAgain(wanted), [t, current.steps, current.sampler, current.seed]);
  usePlayback(view.value, setWay);

  const train = (): void => {
    const { schedule, parameterization, width, layers, rate, until, seed } = current;
    void trainPoints({
      ...{ points, schedule, parameterization, width, layers, rate, until, seed },
      batch: 128,
      view: wanted,
    });
  };
  const draw = (x: number, y: number): void =>
    setDrawn((before) => {
      const near = Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? x : y) + 0.06 * (Math.random() - 0.5));
      return [...before, ...near];
    });
  const level = makeSchedule(current.schedule, {}).schedule?.at(t) ?? { alpha: 1, sigma: 0 };
  const { seen, loss } = losses.value;

  return (
    <>
      <h1>Points in the plane</h1>
      <p class="lead">
        The same mathematics as for pictures, in two dimensions: a small network learns where data is, and
        noise flows there.
      </p>
      <div class="split result-first">
        <div class="card options">
          <Choice
            label="Data"
            value={set}
            options={SETS}
            onChange={(value) => change(settings, { set: value })}
          />
          {set === "drawn" && (
            <p class="row soft">
              Draw in the square. {drawn.length / 2} points.
              <button type="button" onClick={() => setDrawn([])}>
                Clear
              </button>
            </p>
          )}
          <p class="row">
            <button type="button" class="primary" disabled={points.length < 2 * FEWEST} onClick={train}>
              {running ? "Start again" : "Train"}
            </button>
            <button type="button" disabled={!running} onClick={stopPoints}>
              Stop
            </button>
            <span class="soft numbers" role="status">
              {running ? `${short(seen.at(-1) ?? 0)} points seen` : status.value === "done" ? "trained" : ""}
            </span>
          </p>
          <FailureNote error={failure.value} />
          <Slider
            label="t of the arrows"
            value={t}
            min={0.01}
            max={1}
            onInput={(value) => change(settings, { t: value })}
          />
          <Slider label="Way from noise to data" value={way} min={0} max={1} onInput={setWay} />
          <Choice
            label="Sampler"
            value={current.sampler}
            options={SAMPLERS}
            onChange={(sampler) => change(settings, { sampler })}
          />
          <Slider
            label="Steps"
            value={current.steps}
            min={2}
            max={100}
            step={1}
            onInput={(steps) => change(settings, { steps })}
          />
          <Toggle
            label="Data"
            value={current.showData}
            onChange={(showData) => change(settings, { showData })}
          />
          <Toggle
            label="Arrows"
            value={current.showField}
            onChange={(showField) => change(settings, { showField })}
          />
          <Toggle
            label="Paths"
            value={current.showPaths}
            onChange={(showPaths) => change(settings, { showPaths })}
          />
          <details>
            <summary>Network and training</summary>
            <div class="options">
              <Choice
                label="Schedule"
                value={current.schedule}
                options={pluginChoices.schedules}
                onChange={(schedule) => change(settings, { schedule })}
              />
              <Choice
                label="Network returns"
                value={current.parameterization}
                options={["eps", "x0", "v"]}
                onChange={(parameterization) => change(settings, { parameterization })}
              />
              <Slider
                label="Width"
                value={current.width}
                min={8}
                max={256}
                step={8}
                onInput={(width) => change(settings, { width })}
              />
              <Slider
                label="Layers"
                value={current.layers}
                min={1}
                max={6}
                step={1}
                onInput={(layers) => change(settings, { layers })}
              />
              <Slider
                label="Learning rate"
                value={current.rate}
                min={1e-4}
                max={0.05}
                log
                onInput={(rate) => change(settings, { rate })}
              />
              <Slider
                label="Points to see"
                value={current.until}
                min={10_000}
                max={2_000_000}
                step={1000}
                log
                onInput={(until) => change(settings, { until })}
              />
            </div>
          </details>
        </div>
        <div class="stack">
          <div class="card">
            <PlaneCanvas
              {...{ points, way }}
              view={view.value}
              showData={current.showData}
              showField={current.showField}
              showPaths={current.showPaths}
              label={`${points.length / 2} data points${view.value ? ", what the network makes of noise, and its field" : ""}`}
              {...(set === "drawn" ? { onDraw: draw } : {})}
            />
          </div>
          <div class="card">
            <Plot
              title={`Loss${running ? `, ${short(perSecond.value)} points a second` : ""}`}
              xLabel="points seen"
              logY
              height={180}
              x={[0, running ? current.until : Math.max(1, seen.at(-1) ?? current.until)]}
              curves={[
                { name: "as logged", x: seen, y: loss, colour: 0, faint: true },
                { name: "smoothed", x: seen, y: smooth(loss, 0.9), colour: 0 },
              ]}
            />
          </div>
          <div class="card">
            <h2>What is what</h2>
            <Terms t={t} {...level} />
          </div>
        </div>
      </div>
    </>
  );
}

/** Lets new paths run once from noise to data, unless the visitor wants less motion. */
function usePlayback(shown: unknown, setWay: (way: number) => void): void {
  const frame = useRef(0);
  useEffect(() => {
    if (!shown || status.peek() !== "done" || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const began = performance.now();
    const step = (now: number): void => {
      const way = Math.min(1, (now - began) / 2500);
      setWay(way);
      if (way < 1) frame.current = requestAnimationFrame(step);
    };
    frame.current = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame.current);
  }, [shown]);
}
