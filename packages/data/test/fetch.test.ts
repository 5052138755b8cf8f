import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { afterEach, describe, expect, it } from "vitest";
import {
  download,
  type PublishedFile,
  type PublishedSet,
  publishedSet,
  unpack,
} from "../src/node/authoring.ts";
import { fetchSet, openDataset, publishedSets } from "../src/node/index.ts";
import { folderOf } from "./temporary-folder.ts";
import { zipBytes } from "./zip-bytes.ts";

const body = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A publisher on loopback that answers each request in its own way; the last way repeats. */
async function publisher(...answers: Answer[]): Promise<{ url: string; requests: (string | undefined)[] }> {
  const requests: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!;
    requests.push(request.headers.range);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`, requests };
}

/** Answers as a good server does, with parts where they are asked for. */
const serve =
  (bytes: Uint8Array = body): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? -1);
    if (from >= bytes.length) return response.writeHead(416).end();
    const part = from < 0 ? bytes : bytes.subarray(from);
    const range = from < 0 ? {} : { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(from < 0 ? 200 : 206, { "content-length": part.length, ...range });
    return response.end(part);
  };
/** Sends some of it, and cuts the line when so much has arrived. */
const cut =
  (sent: number, arrived: () => number): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
    response.writeHead(headers.range ? 206 : 200, { "content-length": body.length - from, ...range });
    response.write(body.subarray(from, from + sent));
    const timer = setInterval(() => {
      if (arrived() < from + sent) return;
      clearInterval(timer);
      response.destroy();
    }, 5);
  };
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end("no");

const file = (urls: readonly string[], more: Partial<PublishedFile> = {}): PublishedFile => ({
  name: "file.bin",
  urls,
  bytes: body.length,
  checksum: { algorithm: "md5", hex: md5(body) },
  ...more,
});

describe("a download", () => {
  it("arrives, is checked, and is not asked for again", async () => {
    const [{ url, requests }, folder] = [await publisher(serve()), await folderOf({})];
    const seen: number[] = [];
    const path = await download(file([url]), { folder, progress: (done) => seen.push(done) });
    expect(new Uint8Array(await readFile(path))).toEqual(body);
    expect(await download(file([url]), { folder })).toBe(path);
    expect([requests.length, await readdir(folder), seen.at(-1)]).toEqual([1, ["file.bin"], body.length]);
    const by = { algorithm: "sha256", hex: sha256(body) } as const;
    await download(file([], { checksum: by }), { folder });
  });

  it("resumes where the connection was cut, however often", async () => {
    let arrived = 0;
    const cutAfter = (sent: number): Answer => cut(sent, () => arrived);
    const { url, requests } = await publisher(cutAfter(100_000), cutAfter(50_000), serve());
    const folder = await folderOf({});
    const path = await download(file([url]), { folder, progress: (done) => (arrived = done) });
    expect(new Uint8Array(await readFile(path))).toEqual(body);
    expect(requests).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
  });

  it("resumes in another process, even from a server that knows no parts", async () => {
    for (const [answer, asked] of [
      [serve(), "bytes=70000-"],
      [(_, response) => response.end(body), "bytes=70000-"],
    ] as [Answer, string][]) {
      const { url, requests } = await publisher(answer);
      const folder = await folderOf({ ".file.bin.part": body.subarray(0, 70_000) });
      const path = await download(file([url]), { folder });
      expect(new Uint8Array(await readFile(path))).toEqual(body);
      expect(requests).toEqual([asked]);
    }
    const { url } = await publisher(serve());
    const folder = await folderOf({ ".file.bin.part": body });
    await download(file([url], { bytes: body.length }), { folder });
    expect(await readdir(folder)).toEqual(["file.bin"]);
  });

  it("follows redirects and tries mirrors", async () => {
    const good = await publisher(serve());
    const moved = await publisher(status(302, { location: good.url }));
    const folder = await folderOf({});
    await download(file([moved.url]), { folder });
    const gone = await publisher(status(404));
    const other = await publisher(serve(body.map((x) => x ^ 1)));
    const path = await download(file([gone.url, other.url, good.url]), { folder: await folderOf({}) });
    expect(new Uint8Array(await readFile(path))).toEqual(body);
    expect(good.requests).toHaveLength(2);
  });

  it("replaces what is damaged, and keeps nothing that is wrong", async () => {
    const { url } = await publisher(serve());
    const folder = await folderOf({ "file.bin": "half of it" });
    await download(file([url]), { folder });
    expect(new Uint8Array(await readFile(join(folder, "file.bin")))).toEqual(body);

    const wrong = await folderOf({});
    const hex = "0".repeat(32);
    await expect(
      download(file([url], { checksum: { algorithm: "md5", hex } }), { folder: wrong }),
    ).rejects.toThrow(new RegExp(`md5 ${md5(body)}, expected ${hex}.*by hand.*place it in ${wrong}`));
    await expect(download(file([url], { bytes: 1000 }), { folder: wrong })).rejects.toThrow(
      /more than 1000 bytes/,
    );
    expect((await readdir(wrong)).filter((name) => !name.startsWith("."))).toEqual([]);
  });

  it("says what happened at each address, and what to do by hand", async () => {
    const gone = await publisher(status(404));
    const offline = "http://127.0.0.1:1/file.bin";
    const nowhere = "http://data.invalid/file.bin";
    await expect(download(file([offline, gone.url, nowhere]), { folder: "/tmp/never-made" })).rejects.toThrow(
      /127\.0\.0\.1:1\/file\.bin: .+status 404.+data\.invalid.+: no connection \(E\w+\).+by hand from http:\/\/127\.0\.0\.1:1\/file\.bin \(md5 \w{32}\) and place it in \/tmp\/never-made/,
    );
  });

  it("gives up on silence, and stops when aborted", async () => {
    const silent = await publisher((_, response) => response.writeHead(200).write("x"));
    const folder = await folderOf({});
    await expect(download(file([silent.url]), { folder, patience: 0.2, retries: 1 })).rejects.toThrow(
      /silent for 0.2 s/,
    );
    const abort = new AbortController();
    const stopped = download(file([silent.url]), { folder, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(stopped).rejects.toThrow(/stopped. Fetch again to resume/);
  });
});

type TarEntries = readonly (readonly [Partial<Header> & { name: string }, string?])[];

async function tarOf(entries: TarEntries): Promise<Uint8Array> {
  const tar = pack();
  for (const [header, content] of entries) tar.entry(header, content ?? "");
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
const LIMITS = { files: 10, bytes: 1000 };

describe("an archive", () => {
  it("is unpacked whole, without the folder around it", async () => {
    const tar = await tarOf([
      [{ name: "set/", type: "directory" }],
      [{ name: "set/a.bin" }, "aaa"],
      [{ name: "set/deep/b.bin" }, "bb"],
    ]);
    const zip = zipBytes({ "set/a.bin": Buffer.from("aaa"), "set/deep/b.bin": Buffer.from("bb") });
    const folder = await folderOf({ "x.tar.gz": tar, "y.zip": zip });
    for (const [archive, target] of [
      ["x.tar.gz", "one"],
      ["y.zip", "two"],
    ] as const) {
      await unpack(join(folder, archive), join(folder, target), LIMITS);
      expect((await readdir(join(folder, target), { recursive: true })).sort()).toEqual([
        "a.bin",
        "deep",
        join("deep", "b.bin"),
      ]);
      expect(await readFile(join(folder, target, "deep", "b.bin"), "utf8")).toBe("bb");
    }
    await expect(unpack(join(folder, "y.zip"), join(folder, "two"), LIMITS)).rejects.toThrow(
      /two cannot be made.*Move what is there/,
    );
  });

  it.each<[string, TarEntries, RegExp]>([
    ["a way up", [[{ name: "../evil" }, "x"]], /"\.\.\/evil", a name that leads outside/],
    ["a root", [[{ name: "/tmp/evil" }, "x"]], /a name that leads outside/],
    ["a folder outside", [[{ name: "a/../../evil/", type: "directory" }]], /a name that leads outside/],
    ["a link", [[{ name: "l", type: "symlink", linkname: "/etc/passwd" }]], /l is a link or a device/],
    ["a hard link", [[{ name: "l", type: "link", linkname: "/etc/passwd" }]], /l is a link or a device/],
    [
      "a file twice",
      [
        [{ name: "a" }, "x"],
        [{ name: "A" }, "y"],
      ],
      /holds A twice/,
    ],
    ["too much", [[{ name: "a" }, "x".repeat(1001)]], /unpacks to more than 1000 bytes/],
    [
      "too many",
      Array.from({ length: 11 }, (_, i) => [{ name: `${i}` }, "x"] as const),
      /more than 10 files/,
    ],
  ])("with %s is refused and leaves nothing", async (_, entries, message) => {
    const folder = await folderOf({ "x.tar.gz": await tarOf(entries) });
    await expect(unpack(join(folder, "x.tar.gz"), join(folder, "out"), LIMITS)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(["x.tar.gz"]);
    const zipped = entries.every(([header]) => !("type" in header));
    if (!zipped) return;
    const files = Object.fromEntries(entries.map(([{ name }, text = ""]) => [name, Buffer.from(text)]));
    await writeFile(join(folder, "y.zip"), zipBytes(files));
    await expect(unpack(join(folder, "y.zip"), join(folder, "out"), LIMITS)).rejects.toThrow(
      /leads outside|twice|more than|not a sound ZIP archive/,
    );
    expect((await readdir(folder)).sort()).toEqual(["x.tar.gz", "y.zip"]);
  });

  it("that ends early is refused and leaves nothing", async () => {
    const whole = await tarOf([[{ name: "a.bin" }, "a".repeat(900)]]);
    const folder = await folderOf({ "x.tar.gz": whole.subarray(0, whole.length - 20) });
    await expect(unpack(join(folder, "x.tar.gz"), join(folder, "out"), LIMITS)).rejects.toThrow(
      /does not unpack/,
    );
    expect(await readdir(folder)).toEqual(["x.tar.gz"]);
  });
});

describe("a published set", () => {
  it("is fetched, unpacked, opened, and not fetched again", async () => {
    const record = Buffer.alloc(3073, 9);
    record[0] = 3;
    const archive = await tarOf([
      [{ name: "cifar-10-batches-bin/data_batch_1.bin" }, record.toString("latin1")],
    ]);
    const { url, requests } = await publisher(serve(archive));
    const set: PublishedSet = {
      ...publishedSet("cifar10"),
      files: [{ name: "c.tar.gz", urls: [url], checksum: { algorithm: "sha256", hex: sha256(archive) } }],
    };
    const folder = await folderOf({});
    const doing = new Set<string>();
    const path = await fetchSet(set, { folder, progress: (event) => doing.add(event.doing) });
    expect([path, await readdir(folder)]).toEqual([
      join(folder, "cifar-10-batches-bin"),
      ["cifar-10-batches-bin"],
    ]);
    const opened = await openDataset(path);
    expect([opened.length, (await opened.image(0)).label]).toEqual([1, 3]);
    await fetchSet(set, { folder });
    expect([requests.length, [...doing]]).toEqual([1, ["download", "unpack"]]);
  });

  it("has a name, addresses and checksums that could be", () => {
    for (const { name, files, unpack: archive } of publishedSets) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      for (const { urls, checksum } of files) {
        for (const url of urls) expect(new URL(url).protocol).toMatch(/^https?:$/);
        expect(checksum.hex).toMatch(checksum.algorithm === "md5" ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/);
      }
      if (archive) expect(files).toHaveLength(1);
    }
    expect(() => publishedSet("mnits")).toThrow(/unknown data set "mnits".*Did you mean "mnist"/);
  });
});
