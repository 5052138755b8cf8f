import { setterOf } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { settings } from "./settings.ts";

const set = setterOf(settings);

/** The network and its training. */
export function TrainingOptions() {
  const { schedule, parameterization, width, layers, rate, until } = settings.value;
  return (
    <details>
      <summary>Network and training</summary>
      <div class="options">
        <Choice
          label="Schedule"
          value={schedule}
          options={pluginChoices.schedules}
          onChange={set("schedule")}
        />
        <Choice
          label="Network predicts"
          value={parameterization}
          options={["eps", "x0", "v"]}
          onChange={set("parameterization")}
        />
        <Slider label="Width" value={width} min={8} max={256} step={8} onInput={set("width")} />
        <Slider label="Layers" value={layers} min={1} max={6} step={1} onInput={set("layers")} />
        <Slider label="Learning rate" value={rate} min={1e-4} max={0.05} log onInput={set("rate")} />
        <Slider
          label="Training points"
          value={until}
          min={10_000}
          max={2_000_000}
          step={1000}
          log
          onInput={set("until")}
        />
      </div>
    </details>
  );
}
