import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { decode } from "fast-png";
import sharp from "sharp";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);

async function photographs(name: string): Promise<string> {
  for (const kind of ["cat", "dog"]) mkdirSync(at(name, kind), { recursive: true });
  for (let i = 0; i < 8; i++) {
    const create = {
      width: 20 + i,
      height: 16,
      channels: 3,
      background: { r: 30 * i, g: 90, b: 5 },
    } as const;
    writeFileSync(at(name, i % 2 ? "cat" : "dog", `${i}.jpg`), await sharp({ create }).jpeg().toBuffer());
  }
  return at(name);
}

test("check tells what a folder is, for people and for scripts, and draws some of it", async () => {
  const path = await photographs("mixed");
  writeFileSync(join(path, "cat", "broken.jpg"), "<html>");
  const sheet = at("sheet.png");
  const { code, stdout } = await ddpmHere("data", "check", path, "--out", sheet);
  expect(code).toBe(0);
  expect(stdout).toMatch(/9 images, format images/);
  expect(stdout).toMatch(/sides of 16 to 27 pixels, 8 different sizes/);
  expect(stdout).toMatch(/classes {5}2: cat \(5\); dog \(4\)/);
  expect(stdout).toMatch(/broken {6}1\n {14}cat\/broken.jpg: .*begins as no picture does/);
  expect(decode(readFileSync(sheet)).width).toBeGreaterThan(64);

  const { events } = await ddpmHere("data", "check", path, "--out", sheet, "--json");
  expect(events.map(({ event }) => event)).toEqual(["report", "picture", "done"]);
  expect(events[0]).toMatchObject({ images: 9, encodings: { jpeg: 8 }, duplicates: [] });
  expect((await ddpmHere("data", "check", at("nowhere"))).code).toBe(2);
});

test("check reports the split that a field of the samples' JSON divides, as one line of JSON", async () => {
  mkdirSync(at("samples"), { recursive: true });
  for (const [i, split] of ["train", "test", "train"].entries()) {
    const create = { width: 4, height: 4, channels: 3, background: { r: 50 * i, g: 90, b: 5 } } as const;
    writeFileSync(at("samples", `${i}.png`), await sharp({ create }).png().toBuffer());
    writeFileSync(at("samples", `${i}.cls`), ["cat", "ox", "dog"][i]!);
    writeFileSync(at("samples", `${i}.json`), JSON.stringify({ split }));
  }
  const { events } = await ddpmHere("data", "check", at("samples"), "--out", at("samples.png"), "--json");
  expect(events[0]).toMatchObject({
    event: "report",
    format: "webdataset",
    images: 2,
    classes: [
      { name: "cat", images: 1 },
      { name: "dog", images: 1 },
    ],
    notUsed: [{ what: "test", count: 1, reason: "another split; train is opened" }],
  });
});

test("fetch takes a set from an address, and says what to do where there is none", async () => {
  expect((await ddpmHere("data", "fetch")).stdout).toMatch(/cifar10 .*ten classes/);
  const misspelt = await ddpmHere("data", "fetch", "fashion-mnits");
  expect([misspelt.code, misspelt.stderr]).toEqual([
    2,
    expect.stringContaining('Did you mean "fashion-mnist"'),
  ]);
  // Answers with files of the right names and the wrong content.
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end("not the images");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sets`;
  const wrong = await ddpmHere("data", "fetch", "kmnist", "--from", from, "--out", at("sets"), "--json");
  server.close();
  expect([wrong.code, asked[0]]).toEqual([1, "/sets/train-images-idx3-ubyte.gz"]);
  const error = wrong.events.at(-1) as { event: string; message: string };
  expect(error.event).toBe("error");
  expect(error.message).toMatch(/md5 \w{32}, expected bdb82020.*by hand.*place it in .*kmnist/);
  const left = existsSync(at("sets", "kmnist")) ? readdirSync(at("sets", "kmnist")) : [];
  expect(left.filter((name) => !name.startsWith("."))).toEqual([]);
});

test("a run in threads, cached and augmented, resumes without them to the same bytes", async () => {
  const path = await photographs("photos");
  const train = (out: string, images: number, data: object) =>
    trainHere(
      {
        ...smallRun,
        data: { source: path, size: 18, crop: 16, augment: 0.5, ...data },
        train: { ...smallRun.train, images, batch: 4, learningRate: { name: "constant", rate: 1e-3 } },
        sample: { steps: 2, count: 1, strip: 1, stages: 2 },
        every: { log: 4, samples: 100, checkpoint: 4 },
      },
      at(out),
    );
  await train("whole", 8, { workers: 0 });
  await train("parts", 4, { workers: 2, cache: at("cache") });
  await train("parts", 8, { workers: 1 });
  const weights = (out: string): Buffer =>
    readFileSync(at(out, "checkpoints", "000000000008", "model.safetensors"));
  expect(weights("parts").equals(weights("whole"))).toBe(true);
  expect(readdirSync(at("cache"))).toHaveLength(1);
});
