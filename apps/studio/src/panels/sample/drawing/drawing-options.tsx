import { Choice } from "../../../ui/controls/choice.tsx";
import { pluginChoices } from "../../../ui/controls/plugin-options.ts";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { SampleSettings } from "../settings.ts";
import type { TaskOptionsProps } from "../task/task-options.tsx";
import { ClassOptions } from "./class-options.tsx";
import { PromptOptions } from "./prompt-options.tsx";
import { SamplerList } from "./sampler-list.tsx";

export interface DrawingOptionsProps extends TaskOptionsProps {
  /** Names of the model's classes. */
  readonly classes: readonly string[];
  /** Whether the model reads captions. */
  readonly reads: boolean;
}

/** Steps, noise, class and samplers: what every task has. */
export function DrawingOptions({ current, set, classes, reads }: DrawingOptionsProps) {
  const { task, steps, count, seed, spacing } = current;
  // Seeds without effect are left out.
  const seeded = task !== "mix" || current.between === "seeds";
  return (
    <>
      <Slider
        label="Steps"
        value={steps}
        min={1}
        max={200}
        step={1}
        log
        onInput={(value) => set({ steps: value })}
      />
      {task !== "mix" && (
        <Slider
          label="Pictures"
          value={count}
          min={1}
          max={36}
          step={1}
          onInput={(value) => set({ count: value })}
        />
      )}
      {seeded && (
        <Slider
          label={task === "mix" ? "From seed" : "Seed"}
          value={seed}
          min={0}
          max={200}
          step={1}
          onInput={(value) => set({ seed: value })}
        />
      )}
      {classes.length > 0 && <ClassOptions {...{ current, set, classes }} />}
      {reads && <PromptOptions {...{ current, set }} />}
      <Choice
        label="Timestep spacing"
        value={spacing}
        options={pluginChoices.spacings}
        onChange={(value) => set({ spacing: value })}
      />
      <SamplerOptions {...{ current, set }} />
    </>
  );
}

function SamplerOptions({ current, set }: TaskOptionsProps) {
  if (current.task === "paint") {
    return (
      <p class="soft">
        Inpainting has a sampler of its own (RePaint): every step puts the kept part back with its noise.
      </p>
    );
  }
  const unsuited = unsuitedTo(current);
  return (
    <>
      {unsuited.length > 0 && (
        <p class="notice">
          {unsuited.join(", ")} {unsuited.length === 1 ? "needs" : "need"} evenly falling noise levels: choose
          the spacing karras.
        </p>
      )}
      <h2>Samplers, from the same noise</h2>
      <SamplerList
        chosen={current.samplers}
        deterministic={current.task === "mix"}
        onChange={(samplers) => set({ samplers })}
      />
    </>
  );
}

/** Samplers that work in sigma / alpha, and are not accurate from almost no signal. */
const IN_SIGMA = new Set(["heun", "lms", "dpm-2", "ode-time"]);

/** Samplers that need another spacing than the one that is chosen. */
function unsuitedTo({ samplers, spacing }: SampleSettings): readonly string[] {
  if (spacing === "karras" || spacing === "exponential") return [];
  return samplers.map(({ name }) => name).filter((name) => IN_SIGMA.has(name));
}
