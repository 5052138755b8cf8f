import { useLayoutEffect, useRef } from "preact/hooks";
import { type Mask, paintedPixels } from "../../../model/pictures/mask.ts";
import type { Pixels } from "../../../ui/pictures/picture-canvas.tsx";

export interface MaskCanvasProps {
  readonly picture: Pixels;
  readonly mask: Mask;
  /** A stroke of the pointer in pixels of the picture: from where it was to where it is. */
  onStroke(from: readonly [number, number], to: readonly [number, number]): void;
}

/** Drawn over what is painted, in stripes, so that it is seen on any picture. */
const OVER = [214, 40, 140];

/** The picture with what is to be painted marked, to paint on. */
export function MaskCanvas({ picture, mask, onStroke }: MaskCanvasProps) {
  const { width, height } = picture;
  const ref = useRef<HTMLCanvasElement>(null);
  const last = useRef<readonly [number, number] | null>(null);
  useLayoutEffect(() => {
    const context = ref.current?.getContext("2d");
    context?.putImageData(marked(picture, mask), 0, 0);
  }, [picture, mask]);
  const place = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    return [x, ((event.clientY - box.top) / box.height) * height];
  };
  const down = (event: PointerEvent): void => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    last.current = place(event);
    onStroke(last.current, last.current);
  };
  const move = (event: PointerEvent): void => {
    if (!last.current || event.buttons === 0) return;
    const to = place(event);
    onStroke(last.current, to);
    last.current = to;
  };
  const share = Math.round((100 * paintedPixels(mask)) / (width * height));
  return (
    <canvas
      class="picture brush"
      ref={ref}
      width={width}
      height={height}
      style={{ "--ratio": `${width} / ${height}` }}
      role="img"
      aria-label={`The picture to paint on; ${share} % of it will be redrawn`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        last.current = null;
      }}
    />
  );
}

function marked({ data, width, height, channels }: Pixels, { paint }: Mask): ImageData {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const stripe = ((i % width) + Math.floor(i / width)) % 2 === 0;
    const share = paint[i] ? (stripe ? 0.8 : 0.6) : 0;
    for (let c = 0; c < 3; c++) {
      const own = data[channels * i + (channels === 1 ? 0 : c)]!;
      image.data[4 * i + c] = (1 - share) * own + share * OVER[c]!;
    }
    image.data[4 * i + 3] = 255;
  }
  return image;
}
