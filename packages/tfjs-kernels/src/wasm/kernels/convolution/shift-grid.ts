/** A filter tap that reads the samples `offset` places further on in its phase. */
export interface ShiftedTap {
  readonly tap: number;
  readonly offset: number;
}

/** The samples phase, phase + stride, phase + 2·stride … of one axis, and the taps that read them. */
export interface AxisPhase {
  readonly phase: number;
  readonly length: number;
  readonly taps: readonly ShiftedTap[];
}

/** One axis of a convolution written as shifts: out[o] reads phase sample o + offset for each tap. */
export interface AxisGrid {
  /** Length to lay out per row (or image), long enough that a shift past an end meets zeros only. */
  readonly pitch: number;
  readonly phases: readonly AxisPhase[];
  /** Smallest and largest offset of any tap. */
  readonly first: number;
  readonly last: number;
}

/**
 * Splits one axis of a strided, padded convolution into stride-1 phases.
 *
 * Tap k at output o reads input o·stride + k − before = stride·(o + ⌊(k − before)/stride⌋) + phase. With rows stored
 * one after another at `pitch`, a left overrun lands in the gap after the previous row: one gap serves both sides.
 *
 * @param input  samples of the axis
 * @param output outputs of the axis
 * @param before padding before the first sample
 */
export function axisGrid(
  input: number,
  output: number,
  taps: number,
  stride: number,
  before: number,
): AxisGrid {
  const phases = Array.from({ length: Math.min(stride, input) }, (_, phase) => ({
    phase,
    length: Math.ceil((input - phase) / stride),
    taps: [] as ShiftedTap[],
  }));
  const offsets: number[] = [];
  for (let tap = 0; tap < taps; tap++) {
    const offset = Math.floor((tap - before) / stride);
    offsets.push(offset);
    phases[tap - before - offset * stride]?.taps.push({ tap, offset });
  }
  const first = Math.min(...offsets);
  const last = Math.max(...offsets);
  const longest = Math.ceil(input / stride);
  const gap = Math.max(0, -first, output + last - longest);
  const used = phases.filter((phase) => phase.taps.length > 0);
  return { pitch: Math.max(output, longest + gap), phases: used, first, last };
}

/** Images per part, at most about `most`, such that the parts of a batch are nearly equal. */
export const evenParts = (batch: number, most: number): number =>
  Math.ceil(batch / Math.ceil(batch / Math.max(1, most)));
