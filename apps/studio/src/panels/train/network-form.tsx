import { setterOf } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { settings } from "./settings.ts";

export interface NetworkFormProps {
  readonly embedded: boolean;
  /** Classes of the images, on which the network may be conditioned. */
  readonly classes: number;
}

const set = setterOf(settings);

/** Size of images and network, and how it is trained. */
export function NetworkForm({ embedded, classes }: NetworkFormProps) {
  const { size, width, levels, images } = settings.value;
  return (
    <div class="options">
      <Slider
        label="Image side"
        value={size}
        min={embedded ? 16 : 8}
        max={64}
        step={embedded ? 8 : 4}
        onInput={set("size")}
      />
      <Slider
        label="Width"
        about="channels of the finest level"
        value={width}
        min={8}
        max={64}
        step={8}
        onInput={set("width")}
      />
      <Slider
        label="Levels"
        about="each halves the image"
        value={levels}
        min={1}
        max={3}
        step={1}
        onInput={set("levels")}
      />
      <Slider
        label="Training images"
        about="images to see, one counted each time it is seen"
        value={images}
        min={512}
        max={1_000_000}
        step={16}
        log
        onInput={set("images")}
      />
      <MoreOptions classes={classes} />
    </div>
  );
}

function MoreOptions({ classes }: Pick<NetworkFormProps, "classes">) {
  const { blocks, attention, labelled, schedule, parameterization, batch, rate, seed } = settings.value;
  return (
    <details>
      <summary>More</summary>
      <div class="options">
        <Slider label="Blocks per level" value={blocks} min={1} max={3} step={1} onInput={set("blocks")} />
        <Toggle label="Attention at the coarsest level" value={attention} onChange={set("attention")} />
        {classes > 0 && <Toggle label="Condition on the class" value={labelled} onChange={set("labelled")} />}
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
        <Slider label="Batch size" value={batch} min={4} max={128} step={4} onInput={set("batch")} />
        <Slider label="Learning rate" value={rate} min={1e-5} max={1e-2} log onInput={set("rate")} />
        <Slider label="Seed" value={seed} min={0} max={100} step={1} onInput={set("seed")} />
      </div>
    </details>
  );
}
