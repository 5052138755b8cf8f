import { repaintTimes } from "@ddpm/diffusion";
import { Segments } from "../../../ui/controls/segments.tsx";
import { Slider } from "../../../ui/controls/slider.tsx";
import { PictureDrop } from "../../../ui/pictures/picture-drop.tsx";
import type { PictureSource, SampleSettings, Task } from "../settings.ts";
import { PictureChoice } from "./picture-choice.tsx";
import { keepOwn } from "./sources.ts";

/** What there is to do, in the words of the page. */
export const taskLabels: { readonly [Name in Task]: string } = {
  noise: "From noise",
  edit: "Edit a picture",
  paint: "Inpaint",
  mix: "Interpolate",
};

export interface TaskOptionsProps {
  readonly current: SampleSettings;
  set(part: Partial<SampleSettings>): void;
}

/** What a task wants to know beyond what all do. */
export function TaskOptions(props: TaskOptionsProps) {
  const { task } = props.current;
  if (task === "edit") return <EditOptions {...props} />;
  if (task === "paint") return <PaintOptions {...props} />;
  return task === "mix" ? <MixOptions {...props} /> : null;
}

function EditOptions({ current, set }: TaskOptionsProps) {
  const { strength, steps } = current;
  const gone = Math.max(1, Math.round(steps * strength));
  return (
    <>
      <OnePicture {...{ current, set }} />
      <Slider
        label="Strength"
        about="how much noise: near 0 nothing changes, at 1 nothing of the picture is left"
        value={strength}
        min={0.02}
        max={1}
        onInput={(value) => set({ strength: value })}
      />
      <p class="soft numbers">
        Runs the last {gone} of {steps} steps, from the picture with noise.
      </p>
    </>
  );
}

function PaintOptions({ current, set }: TaskOptionsProps) {
  const { steps, jump, repeats } = current;
  const times = Float64Array.from({ length: steps + 1 }, (_, i) => 1 - i / steps);
  return (
    <>
      <OnePicture {...{ current, set }} />
      <Slider
        label="Repeats of each jump"
        about="more repeats fit the new part better to the rest (RePaint)"
        value={repeats}
        min={1}
        max={10}
        step={1}
        onInput={(value) => set({ repeats: value })}
      />
      <Slider
        label="Jump length, steps"
        value={jump}
        min={1}
        max={20}
        step={1}
        onInput={(value) => set({ jump: value })}
      />
      <p class="soft numbers">{repaintTimes(times, jump, repeats).length - 1} steps, repeats included.</p>
    </>
  );
}

function OnePicture({ current, set }: TaskOptionsProps) {
  const take = (picture: PictureSource): void => set({ picture });
  return (
    <PictureDrop
      onFile={(file) => {
        keepOwn(file);
        take({ own: file.name });
      }}
    >
      <div class="options">
        <PictureChoice label="Picture" source={current.picture} onChange={take} />
      </div>
    </PictureDrop>
  );
}

function MixOptions({ current, set }: TaskOptionsProps) {
  const { between, picture, other, seed2, stages } = current;
  const dropped = (file: File): void => {
    keepOwn(file);
    const source = { own: file.name };
    // The first end, and once that is the visitor's own, the second.
    set("own" in picture ? { other: source } : { picture: source });
  };
  return (
    <>
      <Segments
        label="Interpolate between"
        value={between}
        options={[
          { value: "seeds", label: "seeds" },
          { value: "pictures", label: "pictures" },
        ]}
        onChange={(value) => set({ between: value })}
      />
      {between === "seeds" ? (
        <Slider
          label="To seed"
          value={seed2}
          min={0}
          max={200}
          step={1}
          onInput={(value) => set({ seed2: value })}
        />
      ) : (
        <PictureDrop onFile={dropped}>
          <div class="options">
            <PictureChoice label="From" source={picture} onChange={(source) => set({ picture: source })} />
            <PictureChoice label="To" source={other} onChange={(source) => set({ other: source })} />
          </div>
        </PictureDrop>
      )}
      <Slider
        label="Pictures of the interpolation"
        value={stages}
        min={2}
        max={32}
        step={1}
        onInput={(value) => set({ stages: value })}
      />
    </>
  );
}
