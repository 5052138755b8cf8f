import { setImmediate } from "node:timers/promises";
import type { DecodedPicture } from "../../pictures/decoded-picture.ts";
import { luma } from "../../pictures/luma.ts";
import { pictureCodec } from "./codec.ts";
import { type DecodeOptions, decodeImage } from "./decode.ts";
import { type PlainColours, plainColours } from "./plain-picture.ts";

/** Decodes a picture as `decodeImage` does; `read` gives its file's bytes when they are needed. */
export type PictureDecoder = (
  file: string,
  read: () => Uint8Array | Promise<Uint8Array>,
) => Promise<DecodedPicture>;

/** Most pictures that libvips is given at once, and most pixels that one of them has. */
const [TOGETHER, SMALL] = [16, 2 ** 14];

interface Waiting {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly resolve: (decoded: DecodedPicture | Promise<DecodedPicture>) => void;
}

/**
 * Decodes pictures one by one, but small ones that need no more than that some at a time, one below the other, which
 * takes about half as long: for them libvips spends less on pixels than on beginning. The pixels are the same.
 *
 * @param limited lets so many tasks run at a time
 */
export function pictureDecoder(
  look: DecodeOptions,
  limited: <Result>(task: () => Promise<Result>) => Promise<Result>,
): PictureDecoder {
  const small = look.size && look.size[0] * look.size[1] <= SMALL ? look.size : undefined;
  const waiting: Record<PlainColours, Waiting[]> = { 1: [], 3: [] };
  const asked: Record<PlainColours, number> = { 1: 0, 3: 0 };

  const together = (colours: PlainColours, file: string, bytes: Uint8Array): Promise<DecodedPicture> =>
    new Promise((resolve) => {
      const alike = waiting[colours];
      alike.push({ file, bytes, resolve });
      if (alike.length <= asked[colours] * TOGETHER) return;
      asked[colours]++;
      void limited(async () => {
        // Until those that are requested in the same task are there too.
        await setImmediate();
        asked[colours]--;
        await decodeGroup(alike.splice(0, TOGETHER), look);
      });
    });

  return async (file, read) => {
    const found = await limited(async () => {
      const bytes = await read();
      const colours = small && plainColours(bytes, small);
      return colours ? { bytes, colours } : decodeImage(bytes, file, look);
    });
    return "colours" in found ? together(found.colours, file, found.bytes) : found;
  };
}

async function decodeGroup(group: readonly Waiting[], look: DecodeOptions): Promise<void> {
  const decoded = group.length > 1 ? await joined(group, look).catch(() => undefined) : undefined;
  // One by one, too, where one of them is damaged, so that it is named and the others are not lost.
  for (const [i, { file, bytes, resolve }] of group.entries()) {
    const one = decoded?.[i] ?? decodeImage(bytes, file, look);
    resolve(one);
    if (one instanceof Promise) await one.catch(() => undefined);
  }
}

async function joined(
  group: readonly Waiting[],
  { size, channels }: DecodeOptions,
): Promise<DecodedPicture[]> {
  const [height, width] = size!;
  const pictures = group.map(({ bytes }) => bytes);
  const codec = await pictureCodec();
  const { data, info } = await codec(pictures, { join: { across: 1 } })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3 || info.width !== width || info.height !== height * group.length)
    throw new Error("not as their headers say");
  const length = 3 * height * width;
  return group.map((_, i) => {
    // A copy: keeping one picture does not keep all.
    const rgb = new Uint8Array(data.subarray(i * length, (i + 1) * length));
    return { pixels: channels === 3 ? rgb : luma(rgb), height, width };
  });
}
