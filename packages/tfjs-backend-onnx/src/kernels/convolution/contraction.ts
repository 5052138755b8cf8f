import type { Lowering, Value } from "../../graph/operation.ts";
import { NCHWC } from "../../lower/convert.ts";
import { plain } from "../../tensor/layouts.ts";
import type { Geometry } from "../windows/geometry.ts";

/**
 * Contractions over all pictures and pixels, as filter gradients are, by the direct blocked convolution: pictures of the
 * batch take the place of input channels, dy is a filter as large as a picture, and the channels of x are side by side in
 * its rows. A row of W pixels of 16 channels is 16 W wide; the filter's columns are dilated by 16, so its result is 16
 * times as wide as the kernel: wide enough to keep the vector units busy, and in the order in which filters are stored.
 *
 * Source: the identity dW[r, s, i, o] = sum over b, p, q of x[b, p + r, q + s, i] dy[b, p, q, o].
 */

/**
 * Whether {@link contractPictures} can do it: no dilation, channels of dy that fill blocks, bands of rows of dy that fill
 * blocks of pictures, and windows of which some sees a pixel of x in both directions.
 */
export function canContract(c: Lowering, g: Geometry): boolean {
  if (!c.blocked || g.dilations.some((d) => d !== 1)) return false;
  const { block } = c.blocked;
  const seesPixels = g.pads[0] < seenRows(g) && g.pads[1] < seenColumns(g);
  return g.output[3]! % block === 0 && bandsOf(block, g.input[0]!, g.output[1]!) > 0 && seesPixels;
}

/** Which pixels of dy take part: all of them, or every second one in both directions. */
export interface PixelChoice {
  readonly key: string;
  pixel(row: number, column: number): number;
  readonly perPicture: number;
}

/** x as [B / block, planes, height, width, lanes, block of B]; `lanes` channels are side by side, `planes` above each other. */
interface Image {
  readonly name: string;
  readonly pictures: number;
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  readonly lanes: number;
  /** Padding that it does not have yet. */
  readonly top: number;
  readonly left: number;
}

/** Some rows of dy for one block of pictures, and the rows of x that they meet. */
interface Chunk {
  readonly group: number;
  readonly firstRow: number;
  readonly rows: number;
  /** Rows of x, without those of the padding. */
  readonly firstInput: number;
  readonly inputs: number;
  readonly top: number;
  readonly bottom: number;
}

/** Bytes of dy that one convolution should go through again and again: what a core's second-level cache holds. */
const CHUNK_BYTES = 1 << 20;

/** Output channels that the direct convolution works on at a time, in blocks. */
const BLOCKS_AT_A_TIME = 4;

/**
 * Into how many bands of rows a picture has to be cut so that bands fill whole blocks, or 0 where that does not come out
 * even: 1 for batches of whole blocks, 2 for eight pictures and blocks of sixteen.
 */
export function bandsOf(block: number, batch: number, outputRows: number): number {
  if (batch % block === 0) return 1;
  const bands = block / batch;
  return Number.isInteger(bands) && outputRows % bands === 0 ? bands : 0;
}

/**
 * Sums x times dy over pictures and pixels for every kernel position and pair of channels. Chunks of dy that stay in the
 * cache are convolved one after the other; their results add up. Strides become dilations of the filter that dy is.
 *
 * @returns [planes, O / block, KH, KW, lanes, block of O], where the C channels of x are `planes` times `lanes`: blocks
 * where they fill blocks, else one plane
 */
export function contractPictures(
  c: Lowering,
  x: Value,
  dy: Value,
  g: Geometry,
  choice: PixelChoice,
): { readonly name: string; readonly planes: number; readonly lanes: number } {
  if (!canContract(c, g)) throw new Error(`no contraction over pictures for ${JSON.stringify(g)}`);
  const bands = bandsOf(c.blocked!.block, g.input[0]!, g.output[1]!);
  const image = bands === 1 ? wholePictures(c, x, g) : bandsOfPictures(c, x, g, bands);
  const channelsOut = g.output[3]!;
  const [kh, kw] = g.kernel;
  let name = "";
  for (const chunk of chunksOf(c, g, image, bands)) {
    const inputs = [imageChunk(c, image, g, chunk), filterChunk(c, dy, g, chunk, choice, bands)];
    if (name) inputs.push("", name);
    const attributes = {
      kernel_shape: [chunk.rows, g.output[2]!],
      strides: [1, 1],
      dilations: [g.strides[0], g.strides[1] * image.lanes],
      pads: [chunk.top, 0, chunk.bottom, 0],
    };
    name = c.emit("Conv", inputs, [image.planes, channelsOut, kh, kw * image.lanes], attributes, NCHWC);
  }
  return { name, planes: image.planes, lanes: image.lanes };
}

/** Rows of x, with padding, that some kernel position sees. */
const seenRows = (g: Geometry): number => (g.output[1]! - 1) * g.strides[0] + g.kernel[0];

/** Columns of x that some kernel position sees; further ones would make the result too wide. */
const seenColumns = (g: Geometry): number => (g.output[2]! - 1) * g.strides[1] + g.kernel[1];

/** Exchanges pictures and everything else: [B, rest] to [B / block, rest, block of B]. */
function picturesInside(c: Lowering, name: string, pictures: number, rest: number): string {
  const flat = c.reshape(name, [1, pictures, rest, 1]);
  return c.emit("ReorderInput", [flat], [1, pictures, rest, 1], { channels_last: 0 }, NCHWC);
}

/** The channels of x that are side by side, in the order in which x is read. */
function lanesOf(c: Lowering, x: Value): { readonly source: string; readonly lanes: number } {
  const { activations, block } = c.blocked!;
  return activations.accepts(x.shape)
    ? { source: c.get(x, activations), lanes: block }
    : { source: c.get(x, plain), lanes: x.shape[3]! };
}

function wholePictures(c: Lowering, x: Value, g: Geometry): Image {
  const [pictures, height, width, channels] = g.input as [number, number, number, number];
  const { source, lanes } = lanesOf(c, x);
  const name = c.once(`pictures inside ${x.code}`, () =>
    picturesInside(c, source, pictures, height * width * channels),
  );
  return { name, pictures, planes: channels / lanes, height, width, lanes, top: g.pads[0], left: g.pads[1] };
}

/** Bands of rows, with the rows that they share and the padding, as pictures of their own. */
function bandsOfPictures(c: Lowering, x: Value, g: Geometry, bands: number): Image {
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const [top, left] = g.pads;
  const { source, lanes } = lanesOf(c, x);
  const planes = channels / lanes;
  const width = seenColumns(g);
  const step = (g.output[1]! / bands) * g.strides[0];
  const height = (g.output[1]! / bands - 1) * g.strides[0] + g.kernel[0];
  const tall = seenRows(g);
  const pads = c.ints([0, top, left * lanes, 0, tall - h - top, (width - w - left) * lanes]);
  const pixels = c.reshape(source, [b * planes, h, w * lanes]);
  const padded = c.emit("Pad", [pixels, pads], [b * planes, tall, width * lanes]);
  const order = c.table(`bands ${b} ${planes} ${tall} ${bands} ${step} ${height}`, () => {
    const index = new Int32Array(b * bands * planes * height);
    let at = 0;
    for (let picture = 0; picture < b; picture++) {
      for (let band = 0; band < bands; band++) {
        for (let plane = 0; plane < planes; plane++) {
          for (let row = 0; row < height; row++)
            index[at++] = (picture * planes + plane) * tall + band * step + row;
        }
      }
    }
    return index;
  });
  const count = b * bands * planes * height;
  const rows = c.reshape(padded, [b * planes * tall, width * lanes]);
  const cut = c.emit("Gather", [rows, order], [count, width * lanes], { axis: 0 });
  const pictures = b * bands;
  const name = picturesInside(c, cut, pictures, planes * height * width * lanes);
  return { name, pictures, planes, height, width, lanes, top: 0, left: 0 };
}

function chunksOf(c: Lowering, g: Geometry, image: Image, bands: number): readonly Chunk[] {
  const block = c.blocked!.block;
  const [, , ow, channels] = g.output as [number, number, number, number];
  const oh = g.output[1]! / bands;
  const rowBytes = 4 * block * ow * Math.min(channels, BLOCKS_AT_A_TIME * block);
  const count = Math.min(oh, Math.max(1, Math.ceil((oh * rowBytes) / CHUNK_BYTES)));
  const rows = Math.ceil(oh / count);
  const chunks: Chunk[] = [];
  for (let group = 0; group < image.pictures / block; group++) {
    for (let firstRow = 0; firstRow < oh; firstRow += rows) {
      const size = Math.min(rows, oh - firstRow);
      const begin = firstRow * g.strides[0] - image.top;
      const end = (firstRow + size - 1) * g.strides[0] - image.top + g.kernel[0];
      const firstInput = Math.max(0, begin);
      const lastInput = Math.min(image.height, end);
      // Such rows of dy see padding only and add nothing.
      if (lastInput <= firstInput) continue;
      chunks.push({
        group,
        firstRow,
        rows: size,
        firstInput,
        inputs: lastInput - firstInput,
        top: firstInput - begin,
        bottom: end - lastInput,
      });
    }
  }
  return chunks;
}

/** The rows of x for a chunk as [planes, block of B, rows, columns * lanes]: cut out and padded at the sides in one go. */
function imageChunk(c: Lowering, image: Image, g: Geometry, { group, firstInput, inputs }: Chunk): string {
  const { block } = c.blocked!;
  const { name, planes, height, width, lanes, left } = image;
  const groups = image.pictures / block;
  const wide = seenColumns(g);
  const shape = [planes, block, inputs, wide * lanes];
  const right = wide - width - left;
  if (groups === 1 && inputs === height && left === 0 && right === 0) return c.reshape(name, shape);
  return c.once(`rows ${name} ${group} ${firstInput} ${inputs} ${left} ${right}`, () => {
    const source = c.reshape(name, [groups, planes, height, width * lanes * block]);
    const before = [-group, 0, -firstInput, left * lanes * block];
    const after = [group + 1 - groups, 0, firstInput + inputs - height, right * lanes * block];
    const pads = c.ints([...before, ...after]);
    return c.reshape(c.emit("Pad", [source, pads], [1, planes, inputs, wide * lanes * block]), shape);
  });
}

/** Rows of dy as a filter over pictures: [O / block, 1, rows, OW, block of B, block of O]. */
function filterChunk(
  c: Lowering,
  dy: Value,
  g: Geometry,
  { group, firstRow, rows }: Chunk,
  { key, pixel, perPicture }: PixelChoice,
  bands: number,
): string {
  const { block, activations } = c.blocked!;
  const [b, oh, ow, channels] = g.output as [number, number, number, number];
  const blocks = channels / block;
  const count = block * blocks * rows * ow;
  const source = c.reshape(c.get(dy, activations), [b * blocks * perPicture, block]);
  const part = `${bands} ${group} ${firstRow} ${rows}`;
  const order = c.table(`pictures ${key} ${b} ${blocks} ${perPicture} ${ow} ${part}`, () => {
    const index = new Int32Array(count);
    let at = 0;
    for (let o = 0; o < blocks; o++) {
      for (let row = firstRow; row < firstRow + rows; row++) {
        for (let column = 0; column < ow; column++) {
          for (let i = group * block; i < (group + 1) * block; i++) {
            const place = pixel((i % bands) * (oh / bands) + row, column);
            index[at++] = (Math.floor(i / bands) * blocks + o) * perPicture + place;
          }
        }
      }
    }
    return index;
  });
  const moved = c.emit("Gather", [source, order], [count, block], { axis: 0 });
  return c.reshape(moved, [channels, block, rows, ow]);
}
