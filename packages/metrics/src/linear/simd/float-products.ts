import { type Numbers, rowProducts } from "../row-products.ts";
import { LANES, LEFT, productKernel, RIGHT, STEP } from "./kernel.ts";

/** Rows of a panel, on either side: both and their products fit the cache. */
export const PANEL = 256;

/** Multiplies panels of rows in float32. */
export interface FloatProducts {
  /** A panel's numbers in the order that {@link FloatProducts.multiply} reads: rows beyond `count` are zero. */
  pack(rows: Float32Array, count: number, side: "left" | "right"): Float32Array;
  /**
   * Products of the first rows of two panels, [rows, PANEL]; the array is used again at the next call, of anyone. Every
   * product is off by at most {@link productError} times the norms of its rows.
   */
  multiply(left: Float32Array, right: Float32Array, rows: number, columns: number): Float32Array;
}

/** Unit roundoff of float32. */
const ROUNDOFF = 2 ** -24;

/**
 * How far a product may be from that of the float64 rows that were rounded to float32, over the product of their norms:
 * two roundings of inputs, one of every term, d / 4 additions in a lane and two across lanes.
 *
 * Source: Higham 2002, section 3.1, with what is of second order rounded up.
 *
 * @param d numbers in a row, at most a million
 */
export function productError(d: number): number {
  return (Math.ceil(d / LANES) + 8) * ROUNDOFF * 1.1;
}

/** For rows of d numbers: in WebAssembly's vectors where there are any, in plain loops otherwise. */
export function floatProducts(d: number): FloatProducts {
  return vectors(d) ?? loops(d);
}

/** {@link floatProducts} without vectors: about ten times as slow. */
export function loops(d: number): FloatProducts {
  const exact = new Float64Array(PANEL * PANEL);
  const out = new Float32Array(PANEL * PANEL);
  return {
    pack(rows) {
      const panel = new Float32Array(PANEL * d);
      panel.set(rows);
      return panel;
    },
    multiply(left, right, rows) {
      rowProducts(left.subarray(0, rows * d), right, d, exact.subarray(0, rows * PANEL));
      out.set(exact);
      return out;
    },
  };
}

/** What is used of WebAssembly, which browsers and Node have and the language's own types do not. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** What the kernel's module has. */
interface Kernel {
  run(
    left: number,
    right: number,
    out: number,
    lefts: number,
    rights: number,
    steps: number,
    stride: number,
  ): void;
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
}

/** The kernel and its memory: one for all, since a call is over before the next one begins. */
interface Workshop {
  readonly kernel: Kernel;
  numbers: Float32Array;
  placed: readonly [left?: Float32Array, right?: Float32Array];
}

let workshop: Workshop | null | undefined;

/** The kernel, compiled once; null where vectors, or WebAssembly itself, are not to be had. */
function opened(): Workshop | null {
  if (workshop === undefined) {
    try {
      const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost })
        .WebAssembly;
      const kernel = new Instance(new Module(productKernel())).exports as Kernel;
      workshop = { kernel, numbers: new Float32Array(kernel.memory.buffer), placed: [] };
    } catch {
      workshop = null;
    }
  }
  return workshop;
}

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

function vectors(d: number): FloatProducts | undefined {
  const shop = opened();
  if (!shop) return undefined;
  const { kernel } = shop;
  const padded = Math.ceil(d / STEP) * STEP;
  const size = PANEL * padded;
  const length = 2 * size + PANEL * PANEL;
  if (shop.numbers.length < length) {
    try {
      kernel.memory.grow(Math.ceil((4 * (length - shop.numbers.length)) / PAGE));
    } catch {
      // Rows too long for its memory.
      return undefined;
    }
    shop.numbers = new Float32Array(kernel.memory.buffer);
  }
  return {
    pack: (rows, count, side) => interleaved(rows, count, d, padded, side === "left" ? LEFT : RIGHT),
    multiply(left, right, rows, columns) {
      const { numbers, placed } = shop;
      if (placed[0] !== left) numbers.set(left, 0);
      if (placed[1] !== right) numbers.set(right, size);
      shop.placed = [left, right];
      const [lefts, rights] = [Math.ceil(rows / LEFT), Math.ceil(columns / RIGHT)];
      kernel.run(0, 4 * size, 8 * size, lefts, rights, padded / LANES, 4 * PANEL);
      return numbers.subarray(2 * size, length);
    },
  };
}

/** Rows in groups, vector by vector: see {@link productKernel}. */
function interleaved(rows: Numbers, count: number, d: number, padded: number, group: number): Float32Array {
  const panel = new Float32Array(PANEL * padded);
  for (let row = 0, from = 0; row < count; row++) {
    const first = (row - (row % group)) * padded + (row % group) * LANES;
    for (let k = 0; k < d; k++, from++) {
      const lane = k % LANES;
      panel[first + (k - lane) * group + lane] = rows[from]!;
    }
  }
  return panel;
}
