/** Complete options of one of our networks, defaults filled in. */
export type Options = Readonly<Record<string, unknown>>;

/** The way back of a family: from a network of ours to the arguments by which the reference builds it. */
export interface Writer {
  /** Networks of ours that the reference may have. */
  readonly denoisers: readonly string[];
  /**
   * The reference's arguments, as near as they come: whoever asks builds the network from them and compares.
   *
   * @param options of the network
   * @param size    [H, W] of the images
   * @throws DdpmError where it is plain that the reference has no such network
   */
  arguments(
    options: never,
    size: readonly [height: number, width: number],
  ): Readonly<Record<string, unknown>>;
}

/** One number for square images, as references write it. */
export function sideOf([height, width]: readonly [number, number]): number | readonly [number, number] {
  return height === width ? height : [height, width];
}
