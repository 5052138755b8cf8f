import type { Numbers, RuntimeTensor } from "../runtime/runtime.ts";
import { allocate, type BufferPool } from "./buffers.ts";
import { type Layout, plain, reorderOnHost } from "./layouts.ts";
import type { DType, Shape } from "./shape.ts";

/** Memory of a computed tensor, in the order of `layout`. Shared by every tensor that is the same value. */
export interface Stored {
  buffer: Numbers;
  readonly shape: Shape;
  readonly dtype: DType;
  layout: Layout;
  /** The same numbers in other layouts, made on demand. */
  others: Map<Layout, Numbers> | null;
  /** The runtime's view of `buffer`, if there was one before. */
  tensor: RuntimeTensor | null;
  /** Tensors and recordings that still need the memory. */
  references: number;
  /** Whether the buffer may go back to the pool, or is memory that someone else also holds. */
  readonly recyclable: boolean;
}

/** Memory that holds a tensor in plain order. */
export function storedPlain(buffer: Numbers, shape: Shape, dtype: DType, recyclable: boolean): Stored {
  return { buffer, shape, dtype, layout: plain, tensor: null, others: null, references: 0, recyclable };
}

/**
 * The numbers of a tensor in a layout. A tensor that leaves the plain order changes its own memory, since the caller
 * will ask again; every further layout is kept next to it.
 */
export function inLayout(stored: Stored, layout: Layout): Numbers {
  if (stored.layout === layout) return stored.buffer;
  const other = stored.others?.get(layout);
  if (other) return other;
  const { shape, dtype } = stored;
  const converted = allocate(dtype, stored.buffer.length);
  if (stored.layout === plain) {
    reorderOnHost(stored.buffer, converted, shape, layout, "from plain");
    stored.layout = layout;
    stored.buffer = converted;
    return converted;
  }
  if (layout === plain) {
    reorderOnHost(stored.buffer, converted, shape, stored.layout, "to plain");
  } else {
    reorderOnHost(inLayout(stored, plain), converted, shape, layout, "from plain");
  }
  stored.others ??= new Map();
  stored.others.set(layout, converted);
  return converted;
}

/** Gives up one reference; the last one returns the memory to the pool. */
export function release(stored: Stored, pool: BufferPool): void {
  if (--stored.references > 0 || !stored.recyclable) return;
  pool.give(stored.buffer);
  stored.others = null;
}
