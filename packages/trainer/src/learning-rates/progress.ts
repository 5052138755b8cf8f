/** Where training stands when an update is about to be made; all that rates and decays depend on. */
export interface Progress {
  /** Number of this update, 1 for the first. */
  readonly update: number;
  /** Images seen before it. */
  readonly images: number;
  /** Images per update. */
  readonly batch: number;
  /** Images of the whole training. */
  readonly until: number;
  /** Images per epoch. */
  readonly epoch: number;
}
