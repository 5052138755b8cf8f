import { useLayoutEffect, useRef } from "preact/hooks";

/** Pixels to show; 1 or 3 channels. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

export interface PictureCanvasProps extends Pixels {
  /** What is seen, for those who do not see it. */
  readonly label: string;
}

/** A small picture, enlarged without smoothing. */
export function PictureCanvas({ data, width, height, channels, label }: PictureCanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[channels * i + (channels === 1 ? 0 : c)]!;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [data, width, height, channels]);
  return <canvas class="picture" ref={ref} width={width} height={height} role="img" aria-label={label} />;
}
