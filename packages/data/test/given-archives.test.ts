import { gzipSync } from "node:zlib";
import { isDdpmError } from "@ddpm/core";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { openFiles } from "../src/browser/index.ts";
import { cifarDataset } from "../src/index.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { zipBytes } from "./zip-bytes.ts";

type Files = Readonly<Record<string, Uint8Array>>;

function tarBytes(files: Files, links: readonly string[] = []): Promise<Uint8Array<ArrayBuffer>> {
  return packTar([
    ...Object.entries(files).map(([name, body]) => ({ header: { name, size: body.length }, body })),
    ...links.map((name) => ({
      header: { name, size: 0, type: "symlink" as const, linkname: "/etc/hosts" },
    })),
  ]);
}

const given = (path: string, bytes: Uint8Array) => [
  { path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) },
];

/** A record of CIFAR-10 or, with two labels, of CIFAR-100. */
const record = (...labels: number[]): Uint8Array => Uint8Array.from([...labels, ...ramp(3072)]);
const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);

/** With the layout of the official archives. */
const cifar10: Files = {
  "cifar-10-batches-bin/data_batch_2.bin": record(9),
  "cifar-10-batches-bin/batches.meta.txt": text("airplane\nautomobile\nb\nc\nd\ne\nf\ng\nh\ntruck\n\n"),
  "cifar-10-batches-bin/readme.html": text("<p>CIFAR"),
  "cifar-10-batches-bin/data_batch_1.bin": record(1),
  "cifar-10-batches-bin/test_batch.bin": record(3),
};
const cifar100: Files = {
  "cifar-100-binary/fine_label_names.txt": text(
    Array.from({ length: 100 }, (_, k) => `fine ${k}\r\n`).join(""),
  ),
  "cifar-100-binary/train.bin": record(2, 77),
  "cifar-100-binary/test.bin": record(3, 5),
};
const mnist: Files = {
  "MNIST/._train-images-idx3-ubyte.gz": text("hidden"),
  "MNIST/train-images-idx3-ubyte.gz": gzipSync(idxBytes([2, 2, 3], ramp(12))),
  "MNIST/train-labels-idx1-ubyte.gz": gzipSync(idxBytes([2], [7, 1])),
};

describe("an archive of arrays that a page was given", () => {
  it("is CIFAR-10 as published, its batches in order, with its names", async () => {
    const packed = gzipSync(await tarBytes(cifar10));
    const set = await openFiles(given("cifar-10-binary.tar.gz", packed));
    expect([set.name, set.shape, Array.from(set.labels!)]).toEqual(["cifar-10", [32, 32, 3], [1, 9]]);
    expect(set.classes!.slice(8)).toEqual(["h", "truck"]);
    const loose = [1, 9].map((label) => ({ file: "x", bytes: record(label) }));
    expect(set.fingerprint).toBe(cifarDataset(loose, { name: "x", variant: 10 }).fingerprint);
    const test = await openFiles(given("x.tgz", packed), { split: "test" });
    expect(Array.from(test.labels!)).toEqual([3]);
  });

  it.each(["x.tar", "x.zip", "without-an-ending"])(
    "is CIFAR-100 or IDX in %s, recognised by its content",
    async (name) => {
      const pack = name === "x.zip" ? zipBytes : tarBytes;
      const set = await openFiles(given(name, await pack(cifar100)));
      expect([set.classes!.length, set.classes![77], Array.from(set.labels!)]).toEqual([
        100,
        "fine 77",
        [77],
      ]);
      const digits = await openFiles(given(name, await pack(mnist)));
      expect([digits.shape, Array.from(digits.labels!)]).toEqual([
        [2, 3, 1],
        [7, 1],
      ]);
    },
  );

  it.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
    ["cut.tar.gz", async () => gzipSync(await tarBytes(cifar10)).subarray(0, 300), /does not unpack/],
    ["cut.tar", async () => (await tarBytes(cifar10)).subarray(0, 2000), /it ends within/],
    [
      "py.tar.gz",
      async () => gzipSync(await tarBytes({ "cifar-10-batches-py/data_batch_1": record(1) })),
      /Python/,
    ],
    ["out.tar", () => tarBytes({ "../data_batch_1.bin": record(1) }), /leads outside/],
    ["link.tar", () => tarBytes({}, ["data_batch_1.bin"]), /is a link/],
    [
      "short.zip",
      () => zipBytes({ "data_batch_1.bin": record(1).subarray(1) }),
      /short.zip: data_batch_1.bin: 3072 bytes/,
    ],
    ["text.tar", () => tarBytes({ "a.txt": text("a") }), /no PNG/],
  ])("is refused by name where it is none: %s", async (name, bytes, why) => {
    const failing = openFiles(given(name, await bytes()));
    await expect(failing).rejects.toThrow(why);
    await expect(failing).rejects.toSatisfy(isDdpmError);
  });

  it("comes alone", async () => {
    const [tar] = given("a.tar", await tarBytes(cifar10));
    await expect(openFiles([tar!, { ...tar!, path: "b.tar" }])).rejects.toThrow(
      /archive of other data by itself/,
    );
  });
});
