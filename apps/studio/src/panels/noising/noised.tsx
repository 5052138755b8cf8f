import { useMemo } from "preact/hooks";
import { noised, type Picture } from "../../model/pictures/picture.ts";
import { PictureCanvas } from "../../ui/pictures/picture-canvas.tsx";

export interface NoisedProps {
  readonly label: string;
  readonly picture: Picture;
  readonly eps: Float32Array;
  readonly alpha: number;
  readonly sigma: number;
}

/** The picture with noise, as a captioned picture. */
export function Noised({ label, picture, eps, alpha, sigma }: NoisedProps) {
  const { width, height } = picture;
  const data = useMemo(() => noised(picture.data, eps, alpha, sigma), [picture, eps, alpha, sigma]);
  return (
    <figure class="shown">
      <PictureCanvas {...{ data, width, height, label }} channels={3} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
