import { readFileSync } from "node:fs";
import { type Dataset, type Random, random } from "@ddpm/core";
import { describe, expect, it } from "vitest";
import { drawAugmentation, warped } from "../src/authoring.ts";
import { imageStream } from "../src/index.ts";
import { makeRows } from "../src/stream/rows.ts";

interface Case {
  readonly shape: [number, number, number];
  /** The reference's draws: xflip, yflip; keeps and uniforms; normals of scale, stretch, shift. */
  readonly draws: { randint: [number, number]; rand: number[]; randn: [number, number, [number, number]] };
  readonly image: number[];
  readonly result: number[];
  readonly labels: number[];
}

/** Made by NVlabs/edm, training/augment.py, with p = 0.5 and these draws. */
const cases = JSON.parse(
  readFileSync(new URL("./fixtures/edm-augment.json", import.meta.url), "utf8"),
) as Case[];

/** A stream that gives what the reference drew, in our order. */
function replay({ randint, rand, randn }: Case["draws"]): Random {
  const [flipX, flipY] = randint;
  const [, keepY, keepScale, turn, keepTurn, axis, keepStretch, keepAxis, keepShift] = rand as number[];
  const uniforms = [keepY, keepScale, turn, keepTurn, keepStretch, axis, keepAxis, keepShift];
  const normals = [randn[0], randn[1], ...randn[2]];
  const integers = [flipX, flipY];
  const next = (from: (number | undefined)[]) => () => from.shift()!;
  return { ...random(0), uniform: next(uniforms), normal: next(normals), integer: next(integers) };
}

const symmetric = (image: readonly number[]) => Float32Array.from(image, (value) => value / 127.5 - 1);

describe("EDM's augmentations", () => {
  it.each(cases.map((one, i) => [i, one] as const))("are those of the reference, case %i", (_, one) => {
    const [height, width, channels] = one.shape;
    const { flipX, flipY, inverse, labels } = drawAugmentation(replay(one.draws), 0.5, [height, width]);
    labels.forEach((label, i) => {
      expect(label).toBeCloseTo(one.labels[i]!, 5);
    });
    const image = symmetric(one.image);
    const mirrored = image.map((_, i) => {
      const [y, x, c] = [Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels];
      const from = [flipY ? height - 1 - y : y, flipX ? width - 1 - x : x] as const;
      return image[(from[0] * width + from[1]) * channels + c]!;
    });
    const seen = warped(mirrored, one.shape, inverse);
    const worst = Math.max(...seen.map((value, i) => Math.abs(value - one.result[i]!)));
    expect(worst).toBeLessThan(5e-5);
  });

  it("leave an image as it is where nothing happens: the wavelet gives back what went in", () => {
    const image = symmetric(cases[0]!.image);
    const same = warped(image, cases[0]!.shape, [1, 0, 0, 0, 1, 0]);
    expect(Math.max(...same.map((value, i) => Math.abs(value - image[i]!)))).toBeLessThan(1e-6);
  });

  it("happen as often as they should, and their labels agree", () => {
    const root = random(5);
    const drawn = Array.from({ length: 4000 }, (_, i) => drawAugmentation(root.fork(i), 0.12, [8, 8]).labels);
    const share = (test: (labels: Float32Array) => boolean) => drawn.filter(test).length / drawn.length;
    const near = (value: number, p: number) =>
      expect(Math.abs(value - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / drawn.length));
    near(
      share((labels) => labels[0] === 1),
      0.5,
    );
    near(
      share((labels) => labels[1] === 1),
      0.06,
    );
    for (const i of [2, 4, 5, 7, 8])
      near(
        share((labels) => labels[i] !== 0),
        0.12,
      );
    expect(() => drawAugmentation(root, 1.5, [8, 8])).toThrow(/probability 1.5, expected 0 to 1/);
  });
});

const gradient = (length = 5): Dataset => ({
  name: "gradient",
  length,
  shape: [6, 7, 1],
  fingerprint: "gradient",
  image: (index) => ({ pixels: Uint8Array.from({ length: 42 }, (_, i) => i + 40 * index), label: index }),
});

describe("a stream", () => {
  it("augments image k whatever else is read, and says how", async () => {
    const stream = imageStream(gradient(), { seed: 3, augment: 0.5 });
    const whole = await stream.read(0, 24);
    expect(whole.augmentLabels).toHaveLength(24 * 9);
    const part = await stream.read(10, 3);
    expect(part.data).toEqual(whole.data.slice(10 * 42, 13 * 42));
    expect(part.augmentLabels).toEqual(whole.augmentLabels!.slice(90, 117));
    const unit = await imageStream(gradient(), { seed: 3, augment: 0.5, range: "unit" }).read(0, 24);
    expect(unit.data[30]).toBeCloseTo((whole.data[30]! + 1) / 2, 6);
    const plain = await imageStream(gradient(), { seed: 3 }).read(0, 1);
    expect(plain.augmentLabels).toBeUndefined();
  });

  it("cuts crops out of images, anywhere and evenly", async () => {
    const stream = imageStream(gradient(1), { seed: 1, crop: [3, 5], flip: false, shuffle: false });
    const { data, shape } = await stream.read(0, 1200);
    expect([stream.shape, shape]).toEqual([
      [3, 5, 1],
      [1200, 3, 5, 1],
    ]);
    const corners = Array.from({ length: 1200 }, (_, i) => Math.round((data[i * 15]! + 1) * 127.5));
    const counts = new Map<number, number>();
    for (const corner of corners) counts.set(corner, (counts.get(corner) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(
      [0, 1, 2, 3].flatMap((y) => [0, 1, 2].map((x) => 7 * y + x)),
    );
    expect(Math.min(...counts.values())).toBeGreaterThan(65);
    expect(Math.round((data[14]! - data[0]!) * 127.5)).toBe(2 * 7 + 4);
  });

  it("deals its images out to processes that train together", async () => {
    const whole = imageStream(gradient(), { seed: 8 });
    const shards = [0, 1, 2].map((index) => imageStream(gradient(), { seed: 8, shard: { index, count: 3 } }));
    const all = await whole.read(0, 12);
    const parts = await Promise.all(shards.map((shard) => shard.read(0, 4)));
    for (let k = 0; k < 12; k++) {
      const { data, labels } = parts[k % 3]!;
      const row = Math.floor(k / 3);
      expect(data.slice(row * 42, row * 42 + 42)).toEqual(all.data.slice(k * 42, k * 42 + 42));
      expect(labels![row]).toBe(all.labels![k]);
    }
    expect(new Set([whole, ...shards].map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it.each<[object, RegExp]>([
    [{ augment: 2 }, /augment 2, expected a probability/],
    [{ augment: 0.1, flip: true }, /mirrors half of the images itself/],
    [{ crop: 7 }, /crop of 7×7, expected whole numbers up to 6×7/],
    [{ shard: { index: 2, count: 2 } }, /shard 2 of 2/],
  ])("refuses %j", (options, message) => {
    expect(() => imageStream(gradient(), { seed: 0, ...options })).toThrow(message);
    expect(() => imageStream({ ...gradient(), flippable: false }, { seed: 0, augment: 0.1 })).toThrow(
      /augment on gradient, whose images mean something else/,
    );
  });
});

it("rows may be made in any parts", () => {
  const plan = { seed: 4, shape: [6, 7, 1], flip: false, augment: 0.3, range: "symmetric" } as const;
  const inputs = Array.from({ length: 9 }, (_, k) => ({
    k,
    ...(gradient(9).image(k) as { pixels: Uint8Array }),
  }));
  const whole = makeRows(plan, inputs);
  const cut = [makeRows(plan, inputs.slice(0, 4)), makeRows(plan, inputs.slice(4))];
  expect([...cut[0]!.data, ...cut[1]!.data]).toEqual([...whole.data]);
});
