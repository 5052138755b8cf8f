import { useState } from "preact/hooks";
import {
  emptyMask,
  inverted,
  type Mask,
  middleOf,
  paintedPixels,
  type Rectangle,
  withRectangle,
  withStroke,
} from "../../../model/pictures/mask.ts";
import { Segments } from "../../../ui/controls/segments.tsx";
import { Slider } from "../../../ui/controls/slider.tsx";
import type { Pixels } from "../../../ui/pictures/picture-canvas.tsx";
import { MaskCanvas } from "./mask-canvas.tsx";

export interface MaskEditorProps {
  readonly picture: Pixels;
  readonly mask: Mask;
  /** Gets the mask as it is then: strokes come faster than the page is drawn. */
  onChange(change: (mask: Mask) => Mask): void;
}

/** Where to paint: with the pointer, or rectangles by their numbers. */
export function MaskEditor({ picture, mask, onChange }: MaskEditorProps) {
  const { width, height } = picture;
  const [brush, setBrush] = useState(Math.max(2, Math.round(width / 6)));
  const [tool, setTool] = useState<"paint" | "keep">("paint");
  const on = tool === "paint";
  const painted = paintedPixels(mask);
  return (
    <>
      <MaskCanvas
        {...{ picture, mask }}
        onStroke={(from, to) => onChange((before) => withStroke(before, from, to, brush, on))}
      />
      <p class="soft numbers" role="status">
        {painted} of {width * height} pixels are redrawn
      </p>
      <div class="options">
        <Segments
          label="The brush"
          value={tool}
          options={[
            { value: "paint", label: "paints" },
            { value: "keep", label: "erases" },
          ]}
          onChange={(value) => setTool(value)}
        />
        <Slider
          label="Brush, pixels across"
          value={brush}
          min={1}
          max={Math.ceil(width / 2)}
          step={1}
          onInput={setBrush}
        />
        <p class="row">
          <button type="button" onClick={() => onChange(inverted)}>
            Invert
          </button>
          <button type="button" onClick={() => onChange(emptyMask)}>
            Clear the mask
          </button>
        </p>
        <Rectangles {...{ width, height }} onChange={onChange} />
      </div>
    </>
  );
}

type Size = Pick<Mask, "width" | "height">;

/** The same without a pointer. */
function Rectangles({ width, height, onChange }: Size & Pick<MaskEditorProps, "onChange">) {
  const [box, setBox] = useState<Rectangle>(middleOf({ width, height }));
  const side = (name: keyof Rectangle, label: string, min: number, max: number) => (
    <Slider
      label={label}
      value={box[name]}
      {...{ min, max }}
      step={1}
      onInput={(value) => setBox({ ...box, [name]: value })}
    />
  );
  return (
    <details>
      <summary>A rectangle by numbers</summary>
      <div class="options">
        {side("left", "From the left", 0, width - 1)}
        {side("top", "From the top", 0, height - 1)}
        {side("width", "Wide", 1, width)}
        {side("height", "High", 1, height)}
        <p class="row">
          <button type="button" onClick={() => onChange((mask) => withRectangle(mask, box, true))}>
            Paint it
          </button>
          <button type="button" onClick={() => onChange((mask) => withRectangle(mask, box, false))}>
            Erase it
          </button>
        </p>
      </div>
    </details>
  );
}
