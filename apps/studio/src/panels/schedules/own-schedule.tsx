import type { Made } from "../../model/schedule-entry.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import type { SchedulesSettings } from "./settings.ts";

type Own = Pick<SchedulesSettings, "own" | "ownShown" | "ownSteps">;

export interface OwnScheduleProps extends Own {
  readonly made: Made;
  readonly colour: number;
  onChange(part: Partial<Own>): void;
}

/** Custom betas, as numbers or as a formula. */
export function OwnSchedule({ own, ownShown, ownSteps, made, colour, onChange }: OwnScheduleProps) {
  return (
    <details
      class="entry"
      open={ownShown}
      onToggle={({ currentTarget }) => onChange({ ownShown: currentTarget.open })}
    >
      <summary>
        <span class={`swatch colour-${colour % 8}`} />
        <strong>custom</strong>
        <span class="soft">betas or a formula</span>
      </summary>
      <div class="options">
        <label>
          Betas separated by commas, or <code>beta = …</code>, or <code>abar = …</code> of t, i and T
          <textarea
            rows={3}
            spellcheck={false}
            value={own}
            onInput={({ currentTarget }) => onChange({ own: currentTarget.value })}
          />
        </label>
        <Slider
          label="T for a formula"
          value={ownSteps}
          min={2}
          max={4000}
          step={1}
          log
          onInput={(value) => onChange({ ownSteps: value })}
        />
        {made.problem && (
          <p class="notice bad" role="alert">
            {made.problem}
          </p>
        )}
      </div>
    </details>
  );
}
