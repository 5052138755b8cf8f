import { change } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { settings } from "./settings.ts";

const { schedules } = pluginChoices;

export interface NetworkFormProps {
  readonly embedded: boolean;
  /** Classes of the images, on which the network may be conditioned. */
  readonly classes: number;
}

/** Size of images and network, and how it is trained. */
export function NetworkForm({ embedded, classes }: NetworkFormProps) {
  const form = settings.value;
  const set =
    <Name extends keyof typeof form>(name: Name) =>
    (value: (typeof form)[Name]): void =>
      change(settings, { [name]: value });
  return (
    <div class="options">
      <Slider
        label="Image side"
        value={form.size}
        min={embedded ? 16 : 8}
        max={64}
        step={embedded ? 8 : 4}
        onInput={set("size")}
      />
      <Slider
        label="Width"
        about="channels of the finest level"
        value={form.width}
        min={8}
        max={64}
        step={8}
        onInput={set("width")}
      />
      <Slider
        label="Levels"
        about="each halves the image"
        value={form.levels}
        min={1}
        max={3}
        step={1}
        onInput={set("levels")}
      />
      <Slider
        label="Images to see"
        value={form.images}
        min={512}
        max={1_000_000}
        step={16}
        log
        onInput={set("images")}
      />
      <details>
        <summary>More</summary>
        <div class="options">
          <Slider
            label="Blocks in a level"
            value={form.blocks}
            min={1}
            max={3}
            step={1}
            onInput={set("blocks")}
          />
          <Toggle
            label="Attention at the coarsest level"
            value={form.attention}
            onChange={set("attention")}
          />
          {classes > 0 && (
            <Toggle label="Condition on the class" value={form.labelled} onChange={set("labelled")} />
          )}
          <Choice label="Schedule" value={form.schedule} options={schedules} onChange={set("schedule")} />
          <Choice
            label="Network returns"
            value={form.parameterization}
            options={["eps", "x0", "v"]}
            onChange={set("parameterization")}
          />
          <Slider
            label="Images in an update"
            value={form.batch}
            min={4}
            max={128}
            step={4}
            onInput={set("batch")}
          />
          <Slider label="Learning rate" value={form.rate} min={1e-5} max={1e-2} log onInput={set("rate")} />
          <Slider label="Seed" value={form.seed} min={0} max={100} step={1} onInput={set("seed")} />
        </div>
      </details>
    </div>
  );
}
