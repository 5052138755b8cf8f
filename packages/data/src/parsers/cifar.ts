import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";

/** CIFAR-10 has one label byte before each picture, CIFAR-100 two: coarse, fine. */
export type CifarVariant = 10 | 100;

/** One binary file. */
export interface CifarFile {
  /** What messages call it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** How to read CIFAR's binary files. */
export interface CifarDatasetOptions {
  readonly name: string;
  readonly variant: CifarVariant;
  /** CIFAR-100: the 100 classes (`fine`, default) or the 20 above them. */
  readonly level?: "fine" | "coarse" | undefined;
  /** Class names by label; those of CIFAR-10 are known, others are called by their numbers. */
  readonly classNames?: readonly string[] | undefined;
}

const PLANE = 32 * 32;
const PIXELS = 3 * PLANE;

const CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/** Bytes of one record: labels, then three planes of 32×32. */
export function cifarRecord(variant: CifarVariant): number {
  return (variant === 10 ? 1 : 2) + PIXELS;
}

/**
 * A {@link Dataset} over the binary version of CIFAR, [32, 32, 3]: planes of red, green and blue become pixels when
 * an image is read. The files' bytes are kept.
 *
 * Source: Krizhevsky, "The CIFAR-10 dataset", binary version.
 *
 * @throws DdpmError naming the file whose length is not whole records, or whose label has no class
 */
export function cifarDataset(files: readonly CifarFile[], options: CifarDatasetOptions): Dataset {
  const { name, variant, level = "fine" } = options;
  const record = cifarRecord(variant);
  const count = variant === 10 ? 10 : level === "fine" ? 100 : 20;
  const classes =
    options.classNames ??
    (variant === 10 ? CIFAR10 : Array.from({ length: count }, (_, label) => String(label)));
  if (classes.length !== count)
    fail("data/cifar", `${name}: ${classes.length} class names, expected ${count}.`);
  const at = variant === 100 && level === "fine" ? 1 : 0;
  const records = files.flatMap(({ file, bytes }) => wholeRecords(file, bytes, record, variant));
  const labels = Int32Array.from(records, ({ bytes }) => bytes[at]!);
  const wrong = labels.findIndex((label) => label >= count);
  if (wrong >= 0) {
    const { file, number } = records[wrong]!;
    fail("data/cifar", `${file}: record ${number} has label ${labels[wrong]}, expected 0 to ${count - 1}.`);
  }
  return {
    name,
    length: records.length,
    shape: [32, 32, 3],
    classes,
    labels,
    flippable: true,
    fingerprint: fingerprint("cifar", variant, at, ...files.map(({ bytes }) => bytes)),
    image(index) {
      const found = records[index];
      if (!found) return fail("data/cifar", `${name}: image ${index}, expected 0 to ${records.length - 1}.`);
      const planes = found.bytes.subarray(record - PIXELS);
      const pixels = new Uint8Array(PIXELS);
      for (let i = 0; i < PLANE; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = planes[c * PLANE + i]!;
      return { pixels, label: labels[index]! };
    },
  };
}

function wholeRecords(
  file: string,
  bytes: Uint8Array,
  record: number,
  variant: CifarVariant,
): { file: string; number: number; bytes: Uint8Array }[] {
  if (bytes.length === 0 || bytes.length % record !== 0) {
    fail(
      "data/cifar",
      `${file}: ${bytes.length} bytes, expected whole records of ${record} for CIFAR-${variant}, at least one.`,
      "Download it again.",
    );
  }
  return Array.from({ length: bytes.length / record }, (_, number) => ({
    file,
    number,
    bytes: bytes.subarray(number * record, (number + 1) * record),
  }));
}
