import { setterOf } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { settings } from "./settings.ts";

export interface ViewOptionsProps {
  /** Share of the sampling run that is shown, from noise (0) to data (1). */
  readonly progress: number;
  onProgress(progress: number): void;
}

const SAMPLERS = ["ddim", "ddpm", "heun", "dpmpp-2m", "euler-ancestral"];

const set = setterOf(settings);

/** What the plane shows of the network. */
export function ViewOptions({ progress, onProgress }: ViewOptionsProps) {
  const { t, sampler, steps, showData, showField, showPaths } = settings.value;
  return (
    <>
      <Slider label="t of the arrows" value={t} min={0.01} max={1} onInput={set("t")} />
      <Slider label="Sampling progress" value={progress} min={0} max={1} onInput={onProgress} />
      <Choice label="Sampler" value={sampler} options={SAMPLERS} onChange={set("sampler")} />
      <Slider label="Steps" value={steps} min={2} max={100} step={1} onInput={set("steps")} />
      <Toggle label="Data" value={showData} onChange={set("showData")} />
      <Toggle label="Arrows" value={showField} onChange={set("showField")} />
      <Toggle label="Paths" value={showPaths} onChange={set("showPaths")} />
    </>
  );
}
