import { useMemo } from "preact/hooks";
import type { Pictures } from "../../engine/images.ts";
import { PictureCanvas } from "./picture-canvas.tsx";

export interface PicturesRowProps {
  readonly pictures: Pictures;
  readonly label: string;
  /** Pictures in a row. */
  readonly columns: number;
}

/** All pictures of a batch as one, in rows. */
export function PicturesRow({ pictures, label, columns }: PicturesRowProps) {
  const sheet = useMemo(() => sheetOf(pictures, columns), [pictures, columns]);
  return (
    <figure class="shown">
      <div style={{ "--ratio": `${sheet.width} / ${sheet.height}` }}>
        <PictureCanvas {...sheet} label={label} />
      </div>
    </figure>
  );
}

/** Pixels between pictures. */
const GAP = 1;

function sheetOf({ data, count, width, height, channels }: Pictures, columns: number) {
  const rows = Math.ceil(count / columns);
  const sheet = {
    width: columns * (width + GAP) - GAP,
    height: rows * (height + GAP) - GAP,
    channels,
  };
  const pixels = new Uint8ClampedArray(sheet.width * sheet.height * channels).fill(128);
  const line = width * channels;
  for (let k = 0; k < count; k++) {
    const [left, top] = [(k % columns) * (width + GAP), Math.floor(k / columns) * (height + GAP)];
    for (let y = 0; y < height; y++) {
      const from = (k * height + y) * line;
      pixels.set(data.subarray(from, from + line), ((top + y) * sheet.width + left) * channels);
    }
  }
  return { ...sheet, data: pixels };
}
