import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type Browser, chromium, type Page } from "playwright-core";
import sharp from "sharp";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Found, Question } from "./browser/page.ts";
import { npyBytes } from "./fuzz/byte-targets.ts";
import { idxBytes, ramp } from "./idx-bytes.ts";
import { picture } from "./picture.ts";
import { zipBytes } from "./zip-bytes.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const found = existsSync(CHROMIUM);
if (!found) console.warn(`no browser tests: there is no ${CHROMIUM}; install chromium or set CHROMIUM`);

async function tarBytes(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, Buffer.from(content));
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Uint8Array.from(Buffer.concat(chunks));
}

describe.skipIf(!found)("in a browser", () => {
  let [browser, server, page]: [Browser?, Server?, Page?] = [];
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("./browser/page.ts", import.meta.url))],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      conditions: ["@ddpm/source"],
      logLevel: "error",
    });
    const script = outputFiles![0]!.contents;
    server = createServer(({ url }, response) => {
      const page = url === "/page.js";
      response.setHeader("content-type", page ? "text/javascript" : "text/html");
      response.end(page ? script : '<!doctype html><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('typeof answer === "function"');
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const ask = async (
    files: Readonly<Record<string, Uint8Array>>,
    count: number,
    options: object = {},
    dropped = false,
  ): Promise<Found> => {
    const encoded = Object.fromEntries(
      Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]),
    );
    const question: Question = { files: encoded, options, count, dropped };
    return (await page!.evaluate(`answer(${JSON.stringify(question)})`)) as Found;
  };
  const photos = async () => ({
    "set/cat/1.png": await picture(10),
    "set/cat/.DS_Store": new Uint8Array(3),
    "set/dog/2.png": await picture(200),
    "set/dog/3.jpg": await picture(90, 2, "jpeg"),
  });
  const levels = ({ bytes }: Found) => [bytes![0], bytes![12], bytes![24]];

  it("opens a folder, a ZIP and a TAR of pictures, packed or not, as one and the same", async () => {
    const files = await photos();
    const tar = await tarBytes(files);
    for (const given of [
      files,
      { "set.zip": zipBytes(files) },
      { "set.tar": tar },
      { "set.tgz": gzipSync(tar) },
    ]) {
      const set = await ask(given, 3);
      expect(set).toMatchObject({ name: "set", length: 3, shape: [2, 2, 3], classes: ["cat", "dog"] });
      expect([levels(set), set.labels]).toEqual([
        [10, 200, 90],
        [0, 1, 1],
      ]);
    }
    expect(await ask(files, 2, { classes: ["dog"], relabel: true })).toMatchObject({
      length: 2,
      labels: [0, 0],
    });
    const dropped = await ask({ "1.png": await picture(3), "2.png": await picture(4) }, 2, {}, true);
    expect([dropped.name, dropped.bytes![0], dropped.bytes![12]]).toEqual(["set", 3, 4]);
  });

  it("unpacks gzip of several members with zeros behind, as Node does", async () => {
    const tar = await tarBytes(await photos());
    const members = [gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700)), Buffer.alloc(512)];
    expect(await ask({ "set.tgz": Buffer.concat(members) }, 3)).toMatchObject({
      length: 3,
      labels: [0, 1, 1],
    });
  });

  it("shows the background around a GIF's small frame, reads BMP, and names what it does not read", async () => {
    const gif = "474946383961040004008000 00ffffffff0000 2c010001000200020000 02040cc33005 00 3b";
    const small = await ask({ "a.gif": Buffer.from(gif.replaceAll(" ", ""), "hex") }, 1);
    expect([small.shape, small.bytes!.slice(0, 3), small.bytes!.slice(15, 18)]).toEqual([
      [4, 4, 3],
      [255, 255, 255],
      [255, 0, 0],
    ]);
    const pictures = join(import.meta.dirname, "fixtures/pictures");
    const bmp = await ask({ "a.bmp": await readFile(join(pictures, "topdown.bmp")) }, 1);
    expect(bmp.bytes).toEqual([...(await readFile(join(pictures, "rgb.rgb")))]);
    const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1");
    expect((await ask({ "a.jpg": heic }, 1)).error).toMatch(/is a HEIC picture, which is not supported here/);
    const pointer = Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n");
    expect((await ask({ "a.png": pointer }, 1)).error).toMatch(/is a Git LFS pointer/);
  });

  it("resizes, crops the middle, flattens, turns grey and upright", async () => {
    const halves = sharp({ create: { width: 40, height: 10, channels: 3, background: "red" } }).composite([
      { input: { create: { width: 20, height: 10, channels: 3, background: "blue" } }, left: 20, top: 0 },
    ]);
    const wide = { "a.png": await halves.clone().png().toBuffer() };
    const cropped = await ask(wide, 1, { size: 10 });
    expect([cropped.shape, cropped.bytes!.slice(0, 3), cropped.bytes!.slice(27, 30)]).toEqual([
      [10, 10, 3],
      [255, 0, 0],
      [0, 0, 255],
    ]);
    expect((await ask(wide, 1, { size: [5, 20], fit: "stretch" })).bytes!.slice(57, 60)).toEqual([0, 0, 255]);
    const clear = sharp({ create: { width: 4, height: 4, channels: 4, background: "#c8000080" } });
    const flat = await ask({ "a.png": await clear.png().toBuffer() }, 1, { background: [0, 0, 0] });
    expect(Math.abs(flat.bytes![0]! - 100)).toBeLessThan(3);
    expect((await ask(wide, 1, { channels: 1 })).bytes![0]).toBe(76);
    const tall = await sharp(await halves.png().toBuffer())
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await ask({ "a.jpg": tall }, 1)).shape).toEqual([40, 10, 3]);
  });

  it("opens arrays: IDX, CIFAR, NumPy, and Parquet", async () => {
    const idx = {
      "mnist/train-images-idx3-ubyte.gz": gzipSync(idxBytes([2, 2, 3], ramp(12))),
      "mnist/train-labels-idx1-ubyte": idxBytes([2], [7, 1]),
    };
    expect(await ask(idx, 2)).toMatchObject({
      name: "mnist",
      shape: [2, 3, 1],
      labels: [7, 1],
      bytes: [...ramp(12)],
    });
    const record = Uint8Array.from(ramp(3073), (x, i) => (i === 0 ? 4 : x));
    const cifar = await ask({ "c/data_batch_1.bin": record, "c/test_batch.bin": record }, 1);
    expect([cifar.length, cifar.labels, cifar.bytes![1]]).toEqual([1, [4], record[1025]]);
    expect((await ask({ "x.npy": npyBytes("|u1", "3, 2, 2", ramp(12)) }, 3)).bytes).toEqual([...ramp(12)]);
    const npz = zipBytes({
      "x.npy": npyBytes("|u1", "3, 2, 2", ramp(12)),
      "y.npy": npyBytes("|u1", "3,", ramp(3)),
    });
    expect((await ask({ "x.npz": npz }, 3)).labels).toEqual([0, 1, 2]);
    const parquet = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          {
            name: "image",
            data: [await picture(8), await picture(9)].map((one) => Uint8Array.from(one)),
            type: "BYTE_ARRAY",
          },
          { name: "label", data: [1n, 0n], type: "INT64" },
        ],
      }),
    );
    const rows = await ask({ "p.parquet": parquet }, 2);
    expect([rows.labels, rows.bytes![0], rows.bytes![12]]).toEqual([[1, 0], 8, 9]);
  });

  it("keeps decoded pictures in the private file system, and trusts only whole ones", async () => {
    const files = { "a.png": await picture(33), "b.png": await picture(44) };
    const options = { size: 2, cache: "pixels" };
    const first = await ask(files, 2, options);
    const spoil = `(async () => {
      const all = await (await navigator.storage.getDirectory()).getDirectoryHandle("pixels");
      let kept = 0;
      for await (const [, folder] of all.entries())
        for await (const [name, file] of folder.entries()) {
          kept++;
          const whole = new Uint8Array(await (await file.getFile()).arrayBuffer());
          if (name === "1") whole[7] ^= 1;
          const writer = await file.createWritable();
          await writer.write(whole);
          await writer.close();
        }
      return kept;
    })()`;
    expect(await page!.evaluate(spoil)).toBe(2);
    expect((await ask(files, 2, options)).bytes).toEqual(first.bytes);
  });

  it("says what is wrong as in Node", async () => {
    const bad = await ask({ "x/a.png": await picture(1), "x/b.png": new Uint8Array(9) }, 2);
    expect(bad.error).toMatch(/x\/b.png: does not decode/);
    expect((await ask({ "a.txt": new Uint8Array(3) }, 1)).error).toMatch(/a.txt is of no known kind/);
    expect((await ask({ ".hidden": new Uint8Array(3) }, 1)).error).toMatch(/no files, expected at least one/);
    const two = { "x/a.png": await picture(1), "x/b.png": await picture(1, 3) };
    expect((await ask(two, 2)).error).toMatch(/b.png has 3 rows of 3 pixels, expected 2 of 2/);
    const broken = { "x.zip": zipBytes({ "a.png": await picture(1) }).subarray(30) };
    expect((await ask(broken, 1)).error).toMatch(/x.zip/);
  });
});
