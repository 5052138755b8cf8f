import { spacings } from "@ddpm/schedules";
import { useEffect, useState } from "preact/hooks";
import type { ModelChoice } from "../../engine/jobs/sample.ts";
import { shippedModels } from "../../model/shipped.ts";
import { refreshRuns, runs } from "../../state/runs.ts";
import { change } from "../../state/settings.ts";
import { Choice } from "../../ui/choice.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { Slider } from "../../ui/slider.tsx";
import { codeOf, commandOf } from "./code-of.ts";
import { LaneCard } from "./lane-card.tsx";
import { SamplerList } from "./sampler-list.tsx";
import { failure, lanes, sampling, startSampling, stopSampling } from "./sampling.ts";
import { type SampleSettings, settings } from "./settings.ts";

const SHIPPED = "shipped:";

/** Spacings that need no list of one's own. */
const SPACINGS = spacings.names.filter((name) => !["list", "sections"].includes(name));

/** From noise to pictures, step by step, with any samplers side by side. */
export function SamplePanel() {
  const current = settings.value;
  const [way, setWay] = useState(1);
  const model = modelOf(current.model);
  const classes = classesOf(current.model);
  useEffect(() => {
    if (!runs.peek()) refreshRuns().catch((error: unknown) => (failure.value = error));
    if (lanes.peek().length === 0 && "shipped" in model) draw();
  }, []);
  const draw = (): void => {
    setWay(1);
    const { samplers, spacing, steps, count, seed, label, guidance } = settings.peek();
    void startSampling(
      {
        ...{ model, steps, count, seed, guidance },
        spacing: { name: spacing },
        samplers: samplers.map(({ name, options }) => ({ ...options, name })),
        ...labelsFor(label, count, classes.length),
      },
      samplers.map(({ name }) => name),
    );
  };
  const set = (part: Partial<SampleSettings>): void => change(settings, part);
  const models = [
    ...shippedModels.map(({ name, about }) => ({ value: SHIPPED + name, label: `with the page: ${about}` })),
    ...(runs.value ?? [])
      .filter(({ images }) => images > 0)
      .map(({ id }) => ({ value: id, label: `run ${id}` })),
  ];
  const unsuited = unsuitedTo(current);
  const run = "run" in model ? model.run : "RUN";

  return (
    <>
      <h1>From noise to pictures</h1>
      <p class="lead">
        A sampler walks from noise to a picture in steps. At each it asks the network for its guess x̂
        <sub>0</sub> of the clean picture and goes a little towards it.
      </p>
      <div class="split result-first">
        <div class="card options">
          <Choice
            label="Model"
            value={current.model}
            options={models}
            onChange={(value) => set({ model: value, label: "turns" })}
          />
          <p class="row">
            <button type="button" class="primary" disabled={sampling.value} onClick={draw}>
              Draw
            </button>
            <button type="button" disabled={!sampling.value} onClick={stopSampling}>
              Stop
            </button>
            <button
              type="button"
              disabled={sampling.value}
              onClick={() => {
                set({ seed: current.seed + 1 });
                draw();
              }}
            >
              Other noise
            </button>
          </p>
          <FailureNote error={failure.value} />
          <Slider
            label="Steps"
            value={current.steps}
            min={1}
            max={200}
            step={1}
            log
            onInput={(steps) => set({ steps })}
          />
          <Slider
            label="Pictures"
            value={current.count}
            min={1}
            max={36}
            step={1}
            onInput={(count) => set({ count })}
          />
          <Slider
            label="Seed"
            value={current.seed}
            min={0}
            max={200}
            step={1}
            onInput={(seed) => set({ seed })}
          />
          {classes.length > 0 && (
            <>
              <Choice
                label="Class"
                value={String(current.label)}
                options={[
                  { value: "turns", label: "each in turn" },
                  { value: "none", label: "not told" },
                  ...classes.map((name, k) => ({ value: String(k), label: name })),
                ]}
                onChange={(label) =>
                  set({ label: label === "turns" || label === "none" ? label : Number(label) })
                }
              />
              <Slider
                label="Guidance"
                about="1: as trained; more: more like the class, with less variety"
                value={current.guidance}
                min={0}
                max={6}
                step={0.1}
                onInput={(guidance) => set({ guidance })}
              />
            </>
          )}
          <Choice
            label="Spacing of steps"
            value={current.spacing}
            options={SPACINGS}
            onChange={(spacing) => set({ spacing })}
          />
          {unsuited.length > 0 && (
            <p class="notice">
              {unsuited.join(", ")} {unsuited.length === 1 ? "wants" : "want"} noise levels that fall evenly:
              take the spacing karras.
            </p>
          )}
          <h2>Samplers, from the same noise</h2>
          <SamplerList chosen={current.samplers} onChange={(samplers) => set({ samplers })} />
          <p class="row">
            <CopyButton label="Copy link" text={() => location.href} />
            <CopyButton label="Copy command" text={() => commandOf(settings.peek(), run)} />
            <CopyButton label="Copy code" text={() => codeOf(settings.peek())} />
          </p>
        </div>
        <div class="stack">
          <div class="stack">
            <div class="card">
              <Slider label="Way from noise to picture" value={way} min={0} max={1} onInput={setWay} />
            </div>
            {lanes.value.length === 0 && (
              <p class="card soft" role="status">
                {sampling.value ? "Loading what computes here …" : "Press Draw."}
              </p>
            )}
            <div class="lanes">
              {lanes.value.map((lane, index) => (
                <LaneCard
                  key={`${index}-${lane.name}`}
                  {...{ lane, way }}
                  note={JSON.stringify(current)}
                  onFailure={(error) => {
                    failure.value = error;
                  }}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
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

function modelOf(choice: string): ModelChoice {
  return choice.startsWith(SHIPPED) ? { shipped: choice.slice(SHIPPED.length) } : { run: choice };
}

/** Class names of a model that is told classes; numbers where a run does not say more. */
function classesOf(choice: string): readonly string[] {
  const shipped = shippedModels.find(({ name }) => SHIPPED + name === choice);
  if (shipped) return shipped.classes;
  const config = runs.value?.find(({ id }) => id === choice)?.config;
  const denoiser = config?.denoiser;
  const count = typeof denoiser === "object" && typeof denoiser.classes === "number" ? denoiser.classes : 0;
  if (config?.data.source === "shapes") return shippedModels[0]!.classes.slice(0, count);
  return Array.from({ length: count }, (_, k) => String(k));
}

/** Classes of all pictures, where the network is told any. */
function labelsFor(
  label: SampleSettings["label"],
  count: number,
  classes: number,
): { readonly labels?: readonly number[] } {
  if (classes === 0 || label === "none") return {};
  return { labels: Array.from({ length: count }, (_, k) => (label === "turns" ? k % classes : label)) };
}
