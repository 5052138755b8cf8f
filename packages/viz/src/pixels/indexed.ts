import { gifenc, type Palette } from "../files/gif-encoder.ts";
import { flatten } from "./flatten.ts";
import type { Pixels } from "./pixels.ts";

/** Pictures as places in one palette they share. */
export interface Indexed {
  /** 1 to 256 colours, RGB 0..255. */
  readonly palette: Palette;
  /** One per picture: height · width places in the palette. */
  readonly frames: readonly Uint8Array[];
}

const MOST_COLOURS = 256;

/** Pixels the palette is chosen from, at most: every k-th of all frames. */
const MOST_SAMPLES = 1 << 20;

/**
 * One palette for all pictures. Up to 256 colours, so every grey picture, are kept exactly;
 * more are merged by pairwise nearest neighbours.
 */
export function indexed(pictures: readonly Pixels[]): Indexed {
  const colours = pictures.map(packed);
  return exact(colours) ?? merged(colours);
}

/** Each pixel as one number, 0xBBGGRR: the memory order of opaque RGBA bytes. */
function packed(pixels: Pixels): Uint32Array {
  const { channels, data } = flatten(pixels);
  const [g, b] = channels === 1 ? [0, 0] : [1, 2];
  return Uint32Array.from({ length: data.length / channels }, (_, i) => {
    const at = i * channels;
    return data[at]! | (data[at + g]! << 8) | (data[at + b]! << 16);
  });
}

function exact(pictures: readonly Uint32Array[]): Indexed | undefined {
  const seen = new Set<number>();
  for (const colours of pictures)
    for (const colour of colours) if (seen.add(colour).size > MOST_COLOURS) return undefined;
  const sorted = [...seen].sort((a, b) => a - b);
  const place = new Map(sorted.map((colour, i) => [colour, i]));
  return {
    palette: sorted.map((colour) => [colour & 255, (colour >> 8) & 255, colour >> 16]),
    frames: pictures.map((colours) => Uint8Array.from(colours, (colour) => place.get(colour)!)),
  };
}

function merged(pictures: readonly Uint32Array[]): Indexed {
  const total = pictures.reduce((sum, colours) => sum + colours.length, 0);
  const stride = Math.ceil(total / MOST_SAMPLES);
  const samples = new Uint32Array(Math.ceil(total / stride));
  let start = 0;
  for (const colours of pictures) {
    for (let i = (stride - (start % stride)) % stride; i < colours.length; i += stride)
      samples[(start + i) / stride] = colours[i]!;
    start += colours.length;
  }
  const palette = gifenc.quantize(bytes(samples), MOST_COLOURS);
  return { palette, frames: pictures.map((colours) => gifenc.applyPalette(bytes(colours), palette)) };
}

/** gifenc reads the whole buffer behind an array, so these arrays own theirs. */
function bytes(colours: Uint32Array): Uint8Array {
  return new Uint8Array(colours.buffer);
}
