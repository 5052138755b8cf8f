import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import sharp, { type Sharp } from "sharp";
import { pack } from "tar-stream";
import { tarEntries } from "../../src/archive/tar.ts";
import { zipEntries } from "../../src/archive/zip.ts";
import { bytesSource } from "../../src/bytes/byte-source.ts";
import { unpack } from "../../src/node/authoring.ts";
import { contentsOf } from "../../src/node/contents.ts";
import { notUnpacked, packedFiles } from "../../src/node/fetch/packed-files.ts";
import { decodeImage, openDataset } from "../../src/node/index.ts";
import { pictureDecoder } from "../../src/node/pictures/picture-decoder.ts";
import { captionColumn, parquetCaptions } from "../../src/parquet/captions.ts";
import { parquetColumns } from "../../src/parquet/columns.ts";
import { parquetFile } from "../../src/parquet/file.ts";
import { parquetLabels } from "../../src/parquet/labels.ts";
import { parquetRows } from "../../src/parquet/rows.ts";
import { parquetSplits } from "../../src/parquet/splits.ts";
import { ramp } from "../idx-bytes.ts";
import { picture } from "../picture.ts";
import { zipBytes } from "../zip-bytes.ts";
import { npyBytes } from "./byte-targets.ts";
import type { Target } from "./target.ts";

const small = { "a/1.png": ramp(90), "a/2.png": ramp(400), "b/3.png": new Uint8Array(300) };

async function tarBytes(files: Readonly<Record<string, Uint8Array>>, odd = true): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content));
  if (odd) tar.entry({ name: "l", type: "symlink", linkname: "a/1.png" });
  if (odd) tar.entry({ name: `${"long/".repeat(30)}x.png` }, "x");
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

const everyEntry = async (entries: readonly { readonly size: number; read(): Promise<Uint8Array> }[]) => {
  for (const entry of entries) await entry.read();
};
const everyFile = async (path: string, memory: number) => {
  const { listing } = await contentsOf(path, "file", memory);
  for (const file of listing.files) if (!file.link) await file.bytes();
};
const zip: Target = {
  name: "zip",
  seeds: async () => [zipBytes(small), zipBytes(small, false)],
  run: async (bytes) => everyEntry(await zipEntries(bytesSource("x", bytes))),
};

const zipFile: Target = {
  name: "zip file",
  seeds: zip.seeds,
  async run(bytes, scratch) {
    const path = join(scratch, "input.zip");
    writeFileSync(path, bytes);
    await everyFile(path, 2 ** 30);
  },
};

const npz: Target = {
  name: "npz",
  seeds: async () => {
    const arrays = {
      "x.npy": npyBytes("|u1", "3, 4, 5", ramp(60)),
      "y.npy": npyBytes("<i8", "3,", new Uint8Array(24)),
    };
    return [zipBytes(arrays), zipBytes(arrays, false)];
  },
  async run(bytes, scratch) {
    const path = join(scratch, "input.npz");
    writeFileSync(path, bytes);
    return (await openDataset(path, { format: "npy" })).image(0);
  },
};

const tar: Target = {
  name: "tar",
  seeds: async () => [await tarBytes(small)],
  run: async (bytes) => everyEntry(await tarEntries(bytesSource("x", bytes))),
};

/** With the headers' checksums made right again, so that what they say is believed. */
const tarMended: Target = {
  name: "tar, mended",
  seeds: tar.seeds,
  async run(bytes) {
    for (let at = 0; at + 512 <= bytes.length; at += 512) {
      const header = bytes.subarray(at, at + 512);
      if (header.every((byte) => byte === 0)) continue;
      header.fill(0x20, 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    }
    return everyEntry(await tarEntries(bytesSource("x", bytes)));
  },
};

const tarGz: Target = {
  name: "tar.gz file",
  seeds: async () => [gzipSync(await tarBytes(small))],
  async run(bytes, scratch) {
    const path = join(scratch, "input.tar");
    writeFileSync(path, bytes);
    await everyFile(path, 2 ** 20);
  },
};

const archive: Target = {
  name: "archive",
  seeds: async () => {
    const pictures = { "a/1.png": await picture(9), "b/2.png": await picture(99) };
    return [zipBytes(pictures, false), await tarBytes(pictures, false)];
  },
  async run(bytes, scratch) {
    const path = join(scratch, bytes[0] === 0x50 ? "input.zip" : "input.tar");
    writeFileSync(path, bytes);
    const set = await openDataset(path, { format: "archive", size: 2 });
    return set.image(set.length - 1);
  },
};

const look = { size: [8, 8], fit: "crop", kernel: "lanczos3", channels: 3, background: [0, 0, 0] } as const;

/** What is decoded with others must be what it is alone, or fail as it does. */
const together: Target = {
  name: "small pictures",
  async seeds() {
    const raw = { raw: { height: 8, width: 8, channels: 3 } } as const;
    const pixels = (): Sharp => sharp(ramp(192), raw);
    const grey = pixels().greyscale().toColourspace("b-w");
    const png = pixels().png().toBuffer();
    const jpeg = pixels().jpeg().toBuffer();
    return Promise.all([
      jpeg,
      jpeg,
      png,
      pixels().jpeg({ progressive: true }).toBuffer(),
      grey.png().toBuffer(),
    ]);
  },
  async run(bytes) {
    const decode = pictureDecoder(look, (task) => task());
    const [first, second] = await Promise.allSettled([decode("x", () => bytes), decode("x", () => bytes)]);
    const [alone] = await Promise.allSettled([decodeImage(bytes, "x", look)]);
    // Of failures at the same time, libvips gives one the message of the other.
    const results = [first, second, alone].map((one) => (one.status === "fulfilled" ? one.value : "refused"));
    if (!(isDeepStrictEqual(results[0], results[2]) && isDeepStrictEqual(results[1], results[2])))
      throw new Error(`together ${JSON.stringify(results[0])}, alone ${JSON.stringify(results[2])}`);
    if (alone.status === "rejected") throw alone.reason;
  },
};

const packed = (name: string, bytes: Uint8Array) => ({
  name,
  source: async () => bytesSource(name, bytes),
  stream: () => Readable.from([bytes]),
});
const LIMITS = { files: 20, bytes: 4096 };

const packedSeeds = async (ending: string): Promise<Uint8Array[]> => {
  const files = { "top/a.bin": ramp(90), "top/deep/b.bin": ramp(10) };
  const tar = ending === "zip" ? zipBytes(files) : await tarBytes(files, false);
  return [ending === "tar.gz" ? gzipSync(tar) : tar];
};

/** What would be written where, without writing it. */
const unpackedInMemory = (ending: "tar" | "tar.gz" | "zip"): Target => ({
  name: `unpack ${ending}`,
  seeds: () => packedSeeds(ending),
  async run(bytes) {
    const written = new Map<string, number>();
    const check = (): void => {
      const outside = [...written.keys()].find((path) => !path.startsWith("/inside/target/"));
      const length = [...written.values()].reduce((a, b) => a + b, 0);
      if (outside !== undefined) throw new Error(`a file at ${outside}`);
      if (written.size > LIMITS.files || length > LIMITS.bytes)
        throw new Error(`${written.size} files of ${length} bytes`);
    };
    try {
      for await (const file of packedFiles(packed(`input.${ending}`, bytes), LIMITS)) {
        let length = 0;
        for await (const chunk of file.bytes) length += chunk.length;
        written.set(resolve("/inside/target", file.name), length);
      }
    } catch (error) {
      check();
      notUnpacked("x", error);
    }
    check();
  },
});

const unpacked = (ending: "tar" | "tar.gz" | "zip"): Target => ({
  name: `unpack ${ending} to disk`,
  writes: ["inside"],
  seeds: () => packedSeeds(ending),
  async run(bytes, scratch) {
    const path = join(scratch, "inside", `input.${ending}`);
    rmSync(join(scratch, "inside"), { recursive: true, force: true });
    mkdirSync(join(scratch, "inside"));
    writeFileSync(path, bytes);
    await unpack(path, join(scratch, "inside", "target"), LIMITS);
  },
});

const parquet: Target = {
  name: "parquet",
  async seeds() {
    const bytes = [0, 1, 2, 3, 4].map((i) => (i === 2 ? null : ramp(50 + 9 * i)));
    const labels: ColumnSource = { name: "label", data: [0n, 1n, 1n, 0n, 2n], type: "INT64" };
    const words = ["a cat", "a dog", "two cats", "a cat", "a cow"];
    const captions: ColumnSource = { name: "text", data: words, type: "STRING" };
    const nested = bytes.map((one, i) => ({ bytes: one, path: `${i}.png` }));
    const files: Parameters<typeof parquetWriteBuffer>[0][] = [
      { columnData: [{ name: "image", data: bytes, type: "BYTE_ARRAY" }, labels, captions] },
      {
        columnData: [{ name: "image", data: [...bytes, ...bytes], type: "BYTE_ARRAY" }],
        codec: "UNCOMPRESSED",
      },
      {
        columnData: [
          { name: "image", data: nested },
          { name: "label", data: [0n, 1n, 1n, 0n, 2n] },
        ],
        schema: [
          { name: "root", num_children: 2 },
          { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
          { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
          { name: "path", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
          { name: "label", type: "INT64", repetition_type: "OPTIONAL" },
        ],
        rowGroupSize: 2,
      },
    ];
    const written = ["onehot", "onehotbool2"].map((name) =>
      Uint8Array.from(readFileSync(join(import.meta.dirname, `../fixtures/parquet/${name}.parquet`))),
    );
    return [...files.map((options) => new Uint8Array(parquetWriteBuffer(options))), ...written];
  },
  async run(bytes) {
    const file = await parquetFile(bytesSource("x", bytes));
    const columns = parquetColumns("x", file.metadata, { image: undefined, label: undefined });
    const rows = parquetRows([file], columns.path, 2 ** 20);
    for (let i = 0; i < Math.min(rows.length, 64); i++) {
      await rows.bytes(i).catch((error: Error) => {
        if (!/has no bytes/.test(error.message)) throw error;
      });
    }
    await parquetSplits([file], rows, [columns.image]);
    const all = Array.from({ length: Math.min(rows.length, 2 ** 16) }, (_, row) => row);
    await parquetLabels(rows, columns, all);
    if (file.metadata.schema.some(({ name }) => name === "text"))
      await parquetCaptions(rows, captionColumn(file, true), all);
  },
};

/** BMP files, which are decoded here. */
const bmp: Target = {
  name: "bmp",
  seeds: async () =>
    ["core", "one", "p16", "rgb565", "rle8", "topdown"].map((name) =>
      Uint8Array.from(readFileSync(join(import.meta.dirname, `../fixtures/pictures/${name}.bmp`))),
    ),
  run: (bytes) => decodeImage(bytes, "x", look),
};

/** Parsers of files and archives. */
export const fileTargets: readonly Target[] = [
  npz,
  zip,
  zipFile,
  tar,
  tarMended,
  tarGz,
  archive,
  together,
  unpackedInMemory("tar"),
  unpackedInMemory("tar.gz"),
  unpackedInMemory("zip"),
  unpacked("tar"),
  unpacked("tar.gz"),
  unpacked("zip"),
  parquet,
  bmp,
];
