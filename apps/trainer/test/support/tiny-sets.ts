import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "@ddpm/core";
import sharp from "sharp";

/** Sets of the published formats with a few images of noise each, under the names that presets know them by. */
export async function writeTinySets(folder: string): Promise<void> {
  const { uniform } = random(6);
  const noise = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => uniform() * 256);
  const place = (...names: readonly string[]): string => {
    const path = join(folder, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const jpeg = (width: number, height: number): Promise<Buffer> =>
    sharp(noise(3 * width * height), { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();

  for (const name of ["fashion-mnist", "mnist"]) {
    const path = place(name);
    writeFileSync(join(path, "train-images-idx3-ubyte"), idx([COUNT, 28, 28], noise(COUNT * 28 * 28)));
    writeFileSync(join(path, "train-labels-idx1-ubyte"), idx([COUNT], labels()));
  }

  const cifar = place("cifar-10-batches-bin");
  const record = [...labels()].flatMap((label) => [label, ...noise(3 * 32 * 32)]);
  for (let i = 1; i <= 5; i++) writeFileSync(join(cifar, `data_batch_${i}.bin`), Uint8Array.from(record));
  const names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
  writeFileSync(join(cifar, "batches.meta.txt"), `${names.join("\n")}\n`);

  for (const [name, width, height] of [
    ["stanford-cars", 90, 50],
    ["celeba", 44, 54],
  ] as const) {
    const path = place(name);
    for (let i = 0; i < COUNT; i++) writeFileSync(join(path, `${i}.jpg`), await jpeg(width + i, height));
  }

  const wnid = "n01443537";
  const tiny = place("tiny-imagenet-200");
  writeFileSync(join(tiny, "wnids.txt"), `${wnid}\n`);
  const images = place("tiny-imagenet-200", "train", wnid, "images");
  for (let i = 0; i < COUNT; i++) writeFileSync(join(images, `${wnid}_${i}.JPEG`), await jpeg(64, 64));
}

/** Images of a set; one of each class where there are classes. */
const COUNT = 10;

const labels = (): Uint8Array => Uint8Array.from({ length: COUNT }, (_, i) => i);

function idx(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  head.setUint32(0, 0x0800 + shape.length);
  for (const [axis, length] of shape.entries()) head.setUint32(4 + 4 * axis, length);
  return Uint8Array.from([...new Uint8Array(head.buffer), ...bytes]);
}
