import { useState } from "preact/hooks";
import type { Pictures } from "../../../engine/images.ts";
import { Slider } from "../../../ui/controls/slider.tsx";
import { PictureCanvas } from "../../../ui/pictures/picture-canvas.tsx";

/** One picture of an interpolation at a time, large. */
export function MixFilm({ name, pictures }: { readonly name: string; readonly pictures: Pictures }) {
  const [stage, setStage] = useState(1);
  const { data, count, width, height, channels } = pictures;
  const index = Math.min(stage, count) - 1;
  const size = width * height * channels;
  return (
    <div class="between">
      <PictureCanvas
        data={data.subarray(index * size, (index + 1) * size)}
        {...{ width, height, channels }}
        label={`${name}: stage ${index + 1} of ${count}`}
      />
      <Slider
        label="Picture of the interpolation"
        value={index + 1}
        min={1}
        max={count}
        step={1}
        onInput={setStage}
      />
    </div>
  );
}
