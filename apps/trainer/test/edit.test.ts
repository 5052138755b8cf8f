import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors } from "@ddpm/weights";
import { decode } from "fast-png";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { type Ended, temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const run = join(folder, "run");
const SIDE = 16;
const tile = 64 + 2;

/** Runs a verb with few steps into a folder of its own. */
const verb = (out: string, ...words: readonly string[]): Promise<Ended> =>
  ddpmHere(...words, "--out", join(folder, out), "--backend", "wasm", "--json");

const pixels = (...path: readonly string[]): Uint8Array =>
  decode(readFileSync(join(folder, ...path))).data as Uint8Array;

const distance = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

beforeAll(async () => {
  // Hardly trained, v is about 0, and a way up and down is well defined.
  expect(await trainHere({ ...smallRun, parameterization: "v" }, run)).toMatchObject({ code: 0 });
  // A picture that is neither of the network's size nor square: it is fitted.
  const side = 3 * SIDE;
  const picture = Buffer.from(
    Array.from({ length: side * side * 3 }, (_, i) => (Math.floor(i / 3) % side < side / 2 ? 230 : 20)),
  );
  await sharp(picture, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(join(folder, "picture.png"));
});

test("edit keeps the more of a picture the weaker it is", async () => {
  const made = await Promise.all(
    [0.1, 1].map((strength) =>
      verb(
        `edit${strength}`,
        ...["edit", run, join(folder, "picture.png"), "--strength", `${strength}`, "--steps", "10"],
      ),
    ),
  );
  expect(made.map(({ code }) => code)).toEqual([0, 0]);
  expect(made[0]!.events.at(-1)).toMatchObject({ event: "done", count: 1, steps: 1 });
  expect(made[1]!.events.at(-1)).toMatchObject({ event: "done", count: 1, steps: 10 });
  const original = await sharp(join(folder, "picture.png")).resize(SIDE, SIDE).raw().toBuffer();
  const [weak, strong] = ["edit0.1", "edit1"].map((name) => distance(pixels(name, "0.png"), original));
  expect(weak).toBeLessThan(strong! / 2);
});

test("inpaint leaves what is kept as it is, to a grey level, and paints the rest", async () => {
  const { code, events } = await verb(
    "inpaint",
    ...["inpaint", run, "shapes", "--mask", "left", "--count", "3"],
    ...["--steps", "6", "--repeats", "2", "--jump", "2"],
  );
  expect(code).toBe(0);
  // Six steps down, and twice two up and two down again.
  expect(events.at(-1)).toMatchObject({ event: "done", count: 3, steps: 6 + 2 * 4 });
  const grid = decode(readFileSync(join(folder, "inpaint", "grid.png")));
  expect([grid.width, grid.height]).toEqual([3 * tile + 2, 3 * tile + 2]);
  const painted = pixels("inpaint", "1.png");
  const at = (data: Uint8Array, y: number, x: number, c: number): number =>
    data[(y * grid.width + x) * grid.channels + c]!;
  const originals = grid.data as Uint8Array;
  const scale = 64 / SIDE;
  let kept = 0;
  let changed = 0;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let c = 0; c < 3; c++) {
        const original = at(originals, 2 + y * scale, tile + 2 + x * scale, c);
        const difference = Math.abs(painted[(y * SIDE + x) * 3 + c]! - original);
        if (x < SIDE / 2) changed += difference;
        else kept = Math.max(kept, difference);
      }
    }
  }
  expect(kept).toBeLessThanOrEqual(1);
  expect(changed / (SIDE * SIDE * 1.5)).toBeGreaterThan(5);
});

test("encode writes noise that leads back to the pictures", async () => {
  const words = ["encode", run, "shapes", "--count", "2", "--steps", "20", "--sampler", "dpm-2"];
  const { code, events } = await verb("encode", ...words);
  expect(code).toBe(0);
  const done = events.at(-1) as { noise: string; error: number; deviation: number };
  expect(done).toMatchObject({ event: "done", count: 2 });
  expect(done.error).toBeLessThan(0.1);
  expect(done.deviation).toBeGreaterThan(0.3);
  const { tensors } = readSafetensors(readFileSync(done.noise), { file: done.noise });
  expect(tensors.noise!.shape).toEqual([2, SIDE, SIDE, 3]);
});

test("interpolate ends each way where the next begins, at what the seed draws", async () => {
  const words = ["--steps", "5", "--seed", "3"];
  const { code } = await verb(
    "ways",
    ...["interpolate", run, "--count", "2", "--stages", "3", "--gif", ...words],
  );
  expect(code).toBe(0);
  const picture = (name: string): Uint8Array => pixels("ways", `${name}.png`);
  expect(picture("2")).toEqual(picture("3"));
  expect(distance(picture("0"), picture("1"))).toBeGreaterThan(0);
  const film = readFileSync(join(folder, "ways", "interpolated.gif"));
  expect(film.subarray(0, 6).toString()).toBe("GIF89a");
});

test("what cannot be done is refused with status 2, and nothing is written", async () => {
  const refusals = [
    [["edit", "nowhere"], /nowhere does not exist\. Give a picture/],
    [
      ["inpaint", "shapes", "--mask", "nowhere.png"],
      /nowhere.png does not exist\. Give a picture, or the part/,
    ],
    [["encode", "shapes", "--sampler", "ddpm"], /ddpm adds noise/],
  ] as const;
  const ended = refusals.map(async ([[name, ...words], message]) => {
    const { code, events } = await verb("refused", name, run, ...words);
    expect(code).toBe(2);
    expect(events.at(-1)).toMatchObject({ event: "error", message: expect.stringMatching(message) });
  });
  await Promise.all(ended);
  expect(existsSync(join(folder, "refused"))).toBe(false);
});
