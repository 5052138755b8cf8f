import { useState } from "preact/hooks";
import { builtInPictures } from "../../model/pictures/built-in-pictures.ts";
import type { Picture } from "../../model/pictures/picture.ts";
import { setterOf } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { CopyButton } from "../../ui/controls/copy-button.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { PictureDrop } from "../../ui/pictures/picture-drop.tsx";
import { Camera } from "./camera.tsx";
import { loadPicture } from "./load-picture.ts";
import { settings } from "./settings.ts";

export interface NoisingOptionsProps {
  /** The visitor's picture, where there is one. */
  readonly own: Picture | undefined;
  onPicture(picture: Picture): void;
}

const set = setterOf(settings);

/** The picture, its time and its noise, and the schedules to compare. */
export function NoisingOptions({ own, onPicture }: NoisingOptionsProps) {
  const { t, stages, seed } = settings.value;
  return (
    <>
      <PictureOptions {...{ own, onPicture }} />
      <Slider label="t" value={t} min={0} max={1} onInput={set("t")} />
      <Slider label="Pictures in a strip" value={stages} min={2} max={30} step={1} onInput={set("stages")} />
      <p class="row">
        <button type="button" onClick={() => set("seed")(seed + 1)}>
          Other noise
        </button>
        <CopyButton label="Copy link" text={() => location.href} />
      </p>
      <ScheduleOptions />
    </>
  );
}

/** A built-in picture, a file, or one from the camera. */
function PictureOptions({ own, onPicture }: NoisingOptionsProps) {
  const name = settings.value.picture;
  const [problem, setProblem] = useState<unknown>();
  const show = (picture: Picture): void => {
    setProblem(undefined);
    onPicture(picture);
  };
  return (
    <>
      <PictureDrop onFile={(file) => void loadPicture(file).then(show, setProblem)}>
        <Choice
          label="Picture"
          value={name === "own" && !own ? "sunset" : name}
          options={[...Object.keys(builtInPictures), ...(own ? [{ value: "own", label: own.name }] : [])]}
          onChange={set("picture")}
        />
      </PictureDrop>
      <Camera onPicture={show} onFailure={setProblem} />
      <FailureNote error={problem} />
    </>
  );
}

function ScheduleOptions() {
  const { schedules } = settings.value;
  const toggle = (one: string, on: boolean): void => {
    const next = on ? [...schedules, one] : schedules.filter((other) => other !== one);
    if (next.length > 0) set("schedules")(next);
  };
  return (
    <details>
      <summary>Schedules side by side ({schedules.length})</summary>
      <div class="options">
        {pluginChoices.schedules.map((one) => (
          <Toggle key={one} label={one} value={schedules.includes(one)} onChange={(on) => toggle(one, on)} />
        ))}
      </div>
    </details>
  );
}
