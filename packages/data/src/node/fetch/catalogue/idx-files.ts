import type { PublishedFile } from "../published-set.ts";

const NAMES = [
  "train-images-idx3-ubyte.gz",
  "train-labels-idx1-ubyte.gz",
  "t10k-images-idx3-ubyte.gz",
  "t10k-labels-idx1-ubyte.gz",
];

/** The four files of a set of the MNIST family, in the order images, labels of the training, then of the test split. */
export function idxFiles(
  folders: readonly string[],
  md5: readonly [string, string, string, string],
  bytes?: readonly [number, number, number, number],
): readonly PublishedFile[] {
  return NAMES.map((name, i) => ({
    name,
    urls: folders.map((folder) => folder + name),
    checksum: { algorithm: "md5", hex: md5[i]! },
    ...(bytes ? { bytes: bytes[i]! } : {}),
  }));
}
