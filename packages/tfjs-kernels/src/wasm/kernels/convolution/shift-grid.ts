import type { backend_util } from "@tensorflow/tfjs-core";

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
function axisGrid(input: number, output: number, taps: number, stride: number, before: number): AxisGrid {
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

/** Both axes of a convolution written as shifts; images are stored one after another. */
export interface ShiftGrid {
  readonly down: AxisGrid;
  readonly across: AxisGrid;
  /** Positions of one image. */
  readonly perImage: number;
  /** Positions that a shift reaches before the first and after the last position. */
  readonly lead: number;
  readonly tail: number;
}

/** The grid of a convolution. */
export function shiftGrid(info: backend_util.Conv2DInfo): ShiftGrid {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const down = axisGrid(inHeight, outHeight, info.filterHeight, info.strideHeight, padInfo.top);
  const across = axisGrid(inWidth, outWidth, info.filterWidth, info.strideWidth, padInfo.left);
  return {
    down,
    across,
    perImage: down.pitch * across.pitch,
    lead: -Math.min(0, down.first * across.pitch + across.first),
    tail: Math.max(0, down.last * across.pitch + across.last),
  };
}

/** Images `first` … `first + count` - 1 of a batch. */
export interface BatchPart {
  readonly first: number;
  readonly count: number;
}

/** Copies a part of dy [B, OH, OW, C] to the places of its pixels on the grid; what is between them is left alone. */
export function putOnGrid(
  to: Float32Array,
  dy: Float32Array,
  { first, count }: BatchPart,
  { down, across }: ShiftGrid,
  { outHeight, outWidth, outChannels }: backend_util.Conv2DInfo,
): void {
  const run = outWidth * outChannels;
  for (let b = 0; b < count; b++) {
    for (let y = 0; y < outHeight; y++) {
      const source = ((first + b) * outHeight + y) * run;
      to.set(dy.subarray(source, source + run), (b * down.pitch + y) * across.pitch * outChannels);
    }
  }
}

/** One phase of the strides on both axes. */
export interface GridPhase {
  readonly rows: AxisPhase;
  readonly columns: AxisPhase;
}

/** Every phase of the strides. */
export function phasesOf({ down, across }: ShiftGrid): GridPhase[] {
  return down.phases.flatMap((rows) => across.phases.map((columns) => ({ rows, columns })));
}

/** The taps of a phase: their place in a filter of `width` columns, and by how many positions each shifts the grid. */
export function tapsOf(
  { rows, columns }: GridPhase,
  { across }: ShiftGrid,
  width: number,
): { readonly place: number; readonly shift: number }[] {
  return rows.taps.flatMap((row) =>
    columns.taps.map((column) => ({
      place: row.tap * width + column.tap,
      shift: row.offset * across.pitch + column.offset,
    })),
  );
}
