import { useState } from "preact/hooks";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { SampleSettings } from "../settings.ts";
import { LaneCard } from "./lane-card.tsx";
import { failure, forgetSamples, lanes, sampling } from "./sampling.ts";

export interface ResultsProps {
  readonly current: SampleSettings;
  /** Share of the sampling run that is shown, from noise (0) to pictures (1). */
  readonly progress: number;
  onProgress(progress: number): void;
  set(part: Partial<SampleSettings>): void;
}

/** What was drawn, at any step. */
export function Results({ current, progress, onProgress, set }: ResultsProps) {
  const shown = lanes.value;
  return (
    <>
      <div class="card">
        <Slider label="Sampling progress" value={progress} min={0} max={1} onInput={onProgress} />
      </div>
      {shown.length === 0 && (
        <p class={`card soft waiting ${current.task}`} role="status">
          {sampling.value ? "Loading the backend …" : "Press Draw."}
        </p>
      )}
      <div class="lanes">
        {shown.map((lane, index) => (
          <LaneCard
            key={`${index}-${lane.name}`}
            {...{ lane, progress }}
            mix={current.task === "mix"}
            note={JSON.stringify(current)}
            onFailure={(error) => {
              failure.value = error;
            }}
          />
        ))}
      </div>
      {current.task === "noise" && shown.length > 0 && <ContinueWith {...{ current, set }} />}
    </>
  );
}

/** Takes one of the drawn pictures to the other tasks. */
function ContinueWith({ current, set }: Pick<ResultsProps, "current" | "set">) {
  const [number, setNumber] = useState(1);
  const last = lanes.value[0]?.shots.at(-1)?.x.count ?? 1;
  const index = Math.min(number, last) - 1;
  const picture = { drawn: { seed: current.seed, number: index } };
  const take = (part: Partial<SampleSettings>): void => {
    forgetSamples();
    set(part);
  };
  return (
    <section class="card options" aria-label="Continue with a picture">
      <Slider
        label="Continue with picture"
        about="Counted in rows; drawn by the first sampler"
        value={index + 1}
        min={1}
        max={Math.max(2, last)}
        step={1}
        onInput={setNumber}
      />
      <p class="row">
        <button type="button" onClick={() => take({ task: "paint", picture })}>
          Inpaint it
        </button>
        <button type="button" onClick={() => take({ task: "edit", picture })}>
          Edit it
        </button>
        <button type="button" onClick={() => take({ task: "mix", between: "pictures", picture })}>
          Interpolate from it
        </button>
      </p>
    </section>
  );
}
