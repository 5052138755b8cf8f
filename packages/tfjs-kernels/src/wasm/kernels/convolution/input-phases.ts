/** One phase of an axis of dx, written as a stride-1 correlation of dy with some of the filter's taps. */
export interface InputPhase {
  /** The samples phase, phase + stride, … of dx. */
  readonly phase: number;
  readonly length: number;
  /** Filter taps in the order in which the correlation reads dy; none when no output saw these samples. */
  readonly taps: readonly number[];
  /** Padding of dy before and after; negative where dy must be cropped. */
  readonly before: number;
  readonly after: number;
}

/**
 * Splits the gradient of one axis of a convolution in its input by stride phase.
 *
 * Input y is read by tap k at output (y + before − k) / stride, so only taps k ≡ y + before (mod stride) count.
 *
 * @param input  samples of dx
 * @param output samples of dy
 * @param before padding before the first sample in the forward pass
 */
export function inputPhases(
  input: number,
  output: number,
  taps: number,
  stride: number,
  before: number,
): readonly InputPhase[] {
  return Array.from({ length: Math.min(stride, input) }, (_, phase) => {
    const length = Math.ceil((input - phase) / stride);
    const start = (phase + before) % stride;
    const used: number[] = [];
    for (let tap = start; tap < taps; tap += stride) used.unshift(tap);
    const pad = used.length - 1 - Math.floor((phase + before) / stride);
    return { phase, length, taps: used, before: pad, after: length - output + used.length - 1 - pad };
  });
}
