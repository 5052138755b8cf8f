import { gzipSync } from "node:zlib";
import { type CifarVariant, parseIdx, parseNpy, readIdx } from "../../src/authoring.ts";
import { parseCaptionList } from "../../src/captions/caption-list.ts";
import { captionColumns } from "../../src/captions/caption-option.ts";
import { cifarDataset, idxDataset, npyDataset } from "../../src/index.ts";
import { parseLabelList } from "../../src/labels/label-list.ts";
import { textOf } from "../../src/listing/text-of.ts";
import { npyLabels } from "../../src/parsers/npy.ts";
import { idxBytes, ramp } from "../idx-bytes.ts";
import type { Target } from "./target.ts";

const images = idxBytes([3, 4, 5], ramp(60));
const labels = idxBytes([3], [0, 2, 1]);

const idx: Target = {
  name: "idx",
  seeds: async () => [images, labels, idxBytes([2, 2, 2, 3], ramp(24))],
  run(bytes) {
    const array = parseIdx(bytes, "x");
    if (array.shape.length < 3) return array;
    const set = idxDataset({ images: array, labels: undefined, name: "x" });
    return set.image(set.length - 1);
  },
};

const idxGz: Target = {
  name: "idx.gz",
  seeds: async () => [gzipSync(images), gzipSync(idxBytes([100, 8, 8], ramp(6400)))],
  run: (bytes) => readIdx(bytes, "x"),
};

const cifar: Target = {
  name: "cifar",
  seeds: async () => [Uint8Array.from(ramp(3 * 3073), (x, i) => (i % 3073 === 0 ? 3 : x)), ramp(3074)],
  run(bytes) {
    const variant: CifarVariant = bytes.length % 2 ? 10 : 100;
    const set = cifarDataset([{ file: "x", bytes }], { name: "x", variant });
    return set.image(set.length - 1);
  },
};

/** A NumPy array of version 1. */
export function npyBytes(type: string, shape: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0);
  return Uint8Array.from([...start, ...new TextEncoder().encode(header), ...data]);
}

const npy: Target = {
  name: "npy",
  seeds: async () => [npyBytes("|u1", "3, 4, 5", ramp(60)), npyBytes("<i8", "3,", new Uint8Array(24))],
  run(bytes) {
    const array = parseNpy(bytes, "x");
    if (array.shape.length === 1) return npyLabels(array, "x");
    const set = npyDataset({ images: array, name: "x" });
    return set.image(set.length - 1);
  },
};

const labelList: Target = {
  name: "label list",
  seeds: async () =>
    [
      'file_name,label\na.png,cat\n"b, ""c"".png",dog\n',
      '{"a.png": "cat", "b.png": 3}',
      '[{"file": "a.png", "class": "cat"}]',
    ].map((text) => new TextEncoder().encode(text)),
  run: (bytes) => parseLabelList(new TextDecoder().decode(bytes), "x"),
};

const captionList: Target = {
  name: "caption list",
  seeds: async () =>
    [
      'file_name,text\na.png,"a cat, asleep"\n"b, ""c"".png",a dog\n',
      '{"file_name": "a.png", "text": "a cat"}\n{"file_name": "b.png", "text": "a dog"}\n',
      '[{"file": "a.png", "caption": "a cat"}, {"file": "b.png", "caption": null}]',
    ].map((text) => new TextEncoder().encode(text)),
  run: (bytes) => parseCaptionList(textOf(bytes, "x"), "x", captionColumns(true)),
};

/** Parsers of bytes in memory. */
export const byteTargets: readonly Target[] = [idx, idxGz, cifar, npy, labelList, captionList];
