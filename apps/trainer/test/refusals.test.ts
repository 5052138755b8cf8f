import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { beforeAll, expect, test, vi } from "vitest";
import { inFlags } from "../src/output/in-flags.ts";
import { reportError } from "../src/output/report-error.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { smallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

/** An IDX file of `count` 4×4 images with a given header. */
function idx(magic: number, count: number, claimed = count): Buffer {
  const bytes = Buffer.alloc(16 + count * 16);
  for (const [i, value] of [magic, claimed, 4, 4].entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

function idxFolder(name: string, images: Buffer): void {
  mkdirSync(at(name));
  writeFileSync(join(at(name), "train-images-idx3-ubyte.gz"), images);
  const labels = Buffer.alloc(8 + 8);
  labels.writeUInt32BE(0x801, 0);
  labels.writeUInt32BE(8, 4);
  writeFileSync(join(at(name), "train-labels-idx1-ubyte.gz"), gzipSync(labels));
}

async function picture(path: string, size = 16): Promise<void> {
  await sharp({ create: { width: size, height: size, channels: 3, background: "red" } })
    .png()
    .toFile(path);
}

beforeAll(async () => {
  mkdirSync(at("empty"));
  mkdirSync(at("texts"));
  writeFileSync(join(at("texts"), "notes.txt"), "no picture");
  idxFolder("truncated", gzipSync(idx(0x803, 8)).subarray(0, 30));
  idxFolder("magic", gzipSync(idx(0x12345678, 8)));
  idxFolder("wrong-length", gzipSync(idx(0x803, 8, 9)));
  mkdirSync(at("pictures"));
  for (let i = 0; i < 4; i++) await picture(join(at("pictures"), `${i}.png`));
  mkdirSync(at("odd"));
  for (let i = 0; i < 4; i++) await picture(join(at("odd"), `${i}.png`), 15);
  mkdirSync(at("broken"));
  for (let i = 0; i < 9; i++) await picture(join(at("broken"), `${i}.png`));
  writeFileSync(join(at("broken"), "a-broken.png"), "this is no PNG");
  writeFileSync(at("small.json"), JSON.stringify(smallRun));
  writeFileSync(at("not-json.json"), "{ name:");
});

const wrong: [what: string, words: string[], message: RegExp][] = [
  ["an unknown preset", ["quickstrat"], /unknown preset "quickstrat".*Did you mean "quickstart"/],
  ["an unknown setting", ["small.json", "--set", "trian.batch=4"], /unknown setting "trian".*"train"/],
  ["an unknown option", ["small.json", "--set", "denoiser.widht=4"], /unknown option "widht".*"width"/],
  ["an unknown plugin", ["small.json", "--set", "schedule.name=cosin"], /unknown schedule "cosin".*"cosine"/],
  [
    "a value out of range",
    ["small.json", "--set", "train.batch=0"],
    /train\.batch.*0 given, expected a whole number of at least 1/,
  ],
  ["an unknown backend", ["small.json", "--backend", "wsam"], /unknown backend "wsam".*"wasm"/],
  ["a config that is no JSON", ["not-json.json"], /not-json\.json is not JSON/],
  ["a missing folder", ["small.json", "--data", "nowhere"], /nowhere does not exist/],
  ["an empty folder", ["small.json", "--data", "empty"], /empty is an empty folder, expected one of/],
  [
    "a folder without pictures",
    ["small.json", "--data", "texts"],
    /texts is a folder with 1 entry \(\.txt\), expected/,
  ],
  [
    "a truncated gzip",
    ["small.json", "--data", "truncated"],
    /train-images-idx3-ubyte\.gz.*unexpected end of file/,
  ],
  [
    "an IDX with a wrong magic",
    ["small.json", "--data", "magic"],
    /train-images-idx3-ubyte\.gz.*begins with 12 34 56 78/,
  ],
  ["an IDX with a wrong length", ["small.json", "--data", "wrong-length"], /train-images-idx3-ubyte\.gz.*9/],
  [
    "sizes that cannot be halved",
    ["small.json", "--data", "odd", "--set", "data.size=15", "denoiser.multipliers=[1,2]"],
    /15×15.*14 or 16/,
  ],
  [
    "an image that does not decode",
    ["small.json", "--data", "broken"],
    /a-broken\.png: does not decode .* or train with --skip-bad/,
  ],
  ["an option that does not exist", ["small.json", "--imges", "4"], /unknown option '--imges'/],
  ["a verb that does not exist", ["--", "small.json", "extra"], /too many arguments/],
];

test.each(wrong)("%s gets one clear line, status 2, and leaves no run", async (_what, words, message) => {
  const out = at("refused");
  const known = words.map((word) => (existsSync(at(word)) || word === "nowhere" ? at(word) : word));
  const { code, stdout, events } = await ddpmHere("train", "--out", out, "--json", ...known);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(events[0]).toMatchObject({ event: "error", message: expect.stringMatching(message) });
  expect(code).toBe(2);
  expect(existsSync(out)).toBe(false);
});

test("what the packages advise names settings as the command takes them", async () => {
  const settings = ["data.size=17", "denoiser.multipliers=[1,2]"];
  const { stderr } = await ddpmHere("train", "--out", at("refused"), at("small.json"), "--set", ...settings);
  expect(stderr).toMatch(/17×17.*`--set data\.size=\[18,18\]`\.$/m);
  const advice = "Use `data.channels=3` or `denoiser.channels=1`, see `show model`.";
  expect(inFlags(advice)).toBe(
    "Use `--set data.channels=3` or `--set denoiser.channels=1`, see `show model`.",
  );
});

test("what the file system refuses is reported in words, without a stack", () => {
  const written: string[] = [];
  const write = vi
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => written.push(String(text)) > 0);
  const stack = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    expect(reportError(Object.assign(new Error("mkdir"), { code: "ENOTDIR", path: "a/b" }), true)).toBe(1);
    expect(JSON.parse(written[0]!).message).toMatch(/a\/b: a part of this path is a file, expected a folder/);
    expect(stack).not.toHaveBeenCalled();
    reportError(new Error("ours"), true);
    expect(stack).toHaveBeenCalled();
  } finally {
    write.mockRestore();
    stack.mockRestore();
  }
});

test("--skip-bad leaves out the image that does not decode, counts it, and trains", async () => {
  const out = at("skipped");
  const ended = await ddpmHere(
    "train",
    at("small.json"),
    "--data",
    at("broken"),
    "--skip-bad",
    "--out",
    out,
    "--backend",
    "wasm",
    "--set",
    "data.size=16",
    "train.images=16",
  );
  expect(ended.stdout).toContain("left out 1 images that do not decode: a-broken.png");
  expect(ended.code).toBe(0);
});

test("a loss that becomes NaN stops the run, says when, and keeps the last good checkpoint", async () => {
  const out = at("nan");
  const settings = [
    "train.images=400",
    "train.learningRate.rate=1e30",
    "train.learningRate.name=constant",
    "train.clip=null",
    "every.checkpoint=8",
  ];
  const ended = await ddpmHere(
    "train",
    at("small.json"),
    "--out",
    out,
    "--backend",
    "wasm",
    "--json",
    "--set",
    ...settings,
  );
  expect(ended.code).toBe(1);
  const { message, hint } = ended.events.at(-1) as { message: string; hint: string };
  expect(message).toMatch(/image|step/);
  expect(hint.length).toBeGreaterThan(10);
  const saved = ended.events.filter(({ event }) => event === "checkpoint");
  expect(existsSync(join(out, "checkpoints")) ? saved.length : 0).toBe(saved.length);
});
