import { Choice } from "../../../ui/controls/choice.tsx";
import { pluginChoices } from "../../../ui/controls/plugin-options.ts";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { SampleSettings } from "../settings.ts";
import type { TaskOptionsProps } from "../task/task-options.tsx";
import { SamplerList } from "./sampler-list.tsx";

export interface DrawingOptionsProps extends TaskOptionsProps {
  /** Names of the model's classes. */
  readonly classes: readonly string[];
}

/** Steps, noise, class and samplers: what every task has. */
export function DrawingOptions({ current, set, classes }: DrawingOptionsProps) {
  const { task } = current;
  const unsuited = unsuitedTo(current);
  // Seeds without effect are left out.
  const seeded = task !== "mix" || current.between === "seeds";
  return (
    <>
      <Slider
        label="Steps"
        value={current.steps}
        min={1}
        max={200}
        step={1}
        log
        onInput={(steps) => set({ steps })}
      />
      {task !== "mix" && (
        <Slider
          label="Pictures"
          value={current.count}
          min={1}
          max={36}
          step={1}
          onInput={(count) => set({ count })}
        />
      )}
      {seeded && (
        <Slider
          label={task === "mix" ? "From seed" : "Seed"}
          value={current.seed}
          min={0}
          max={200}
          step={1}
          onInput={(seed) => set({ seed })}
        />
      )}
      {classes.length > 0 && <ClassOptions {...{ current, set, classes }} />}
      <Choice
        label="Spacing of steps"
        value={current.spacing}
        options={pluginChoices.spacings}
        onChange={(spacing) => set({ spacing })}
      />
      {task === "paint" ? (
        <p class="soft">
          Every step puts the kept part back with its noise (RePaint), so the samplers of the other tasks have
          no say.
        </p>
      ) : (
        <>
          {unsuited.length > 0 && (
            <p class="notice">
              {unsuited.join(", ")} {unsuited.length === 1 ? "wants" : "want"} noise levels that fall evenly:
              take the spacing karras.
            </p>
          )}
          <h2>Samplers, from the same noise</h2>
          <SamplerList
            chosen={current.samplers}
            deterministic={task === "mix"}
            onChange={(samplers) => set({ samplers })}
          />
        </>
      )}
    </>
  );
}

function ClassOptions({ current, set, classes }: DrawingOptionsProps) {
  const { task, guidance } = current;
  const turns = task === "paint" ? "as the picture, where that is known" : "each in turn";
  const label = task === "mix" && current.label === "turns" ? "none" : current.label;
  return (
    <>
      <Choice
        label="Class"
        value={String(label)}
        options={[
          ...(task === "mix" ? [] : [{ value: "turns", label: turns }]),
          { value: "none", label: "none" },
          ...classes.map((name, k) => ({ value: String(k), label: name })),
        ]}
        onChange={(value) => set({ label: value === "turns" || value === "none" ? value : Number(value) })}
      />
      <Slider
        label="Guidance"
        about="1: as trained; more: more like the class, with less variety"
        value={guidance}
        min={0}
        max={6}
        step={0.1}
        onInput={(value) => set({ guidance: value })}
      />
      {task === "mix" && current.between === "pictures" && label !== "none" && guidance !== 1 && (
        <p class="notice">Pictures come back as they were only with guidance 1.</p>
      )}
    </>
  );
}

/** Samplers that work in sigma / alpha, and are not accurate from almost no signal. */
const IN_SIGMA = new Set(["heun", "lms", "dpm-2", "ode-time"]);

/** Samplers that want another spacing than the one that is chosen. */
function unsuitedTo({ samplers, spacing }: SampleSettings): readonly string[] {
  if (spacing === "karras" || spacing === "exponential") return [];
  return samplers.map(({ name }) => name).filter((name) => IN_SIGMA.has(name));
}
