import type { Pixels } from "../../../ui/pictures/picture-canvas.tsx";

/** A picture at a network's size. */
export interface GivenImage extends Pixels {
  readonly name: string;
}
