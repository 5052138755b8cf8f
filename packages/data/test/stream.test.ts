import type { Dataset } from "@ddpm/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageStream, shapes } from "../src/index.ts";

/** Image i is one row: i, i + 50, i + 100. */
function rows(length: number, later = false): Dataset & { reads: number[] } {
  const reads: number[] = [];
  return {
    name: "rows",
    length,
    shape: [1, 3, 1],
    fingerprint: `rows ${length}`,
    reads,
    image(index) {
      reads.push(index);
      const image = { pixels: Uint8Array.of(index, index + 50, index + 100), label: index };
      return later ? new Promise((done) => setTimeout(() => done(image), (index * 7) % 5)) : image;
    },
  };
}
const scaled = (x: number) => Math.fround(x / 127.5 - 1);

describe("image k of a stream", () => {
  it("does not depend on how reads are cut, ordered, or what was prefetched", async () => {
    const whole = await imageStream(rows(7), { seed: 11 }).read(0, 40);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(30), fc.nat(10)), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.option(fc.nat(9), { nil: undefined }),
        async (cuts, later, prefetch) => {
          const stream = imageStream(rows(7, later), { seed: 11, prefetch });
          for (const [first, count] of cuts) {
            const { data, labels, shape } = await stream.read(first, count);
            expect(shape).toEqual([count, 1, 3, 1]);
            expect(data).toEqual(whole.data.slice(first * 3, (first + count) * 3));
            if (count > 0) expect(labels).toEqual(whole.labels!.slice(first, first + count));
          }
          await stream.close!();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("comes from every image once per epoch, in another order each time", async () => {
    const { labels } = await imageStream(rows(50), { seed: 1 }).read(0, 150);
    const epochs = [0, 1, 2].map((epoch) => [...labels!.slice(epoch * 50, epoch * 50 + 50)]);
    const all = Array.from({ length: 50 }, (_, i) => i);
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(all);
    expect(epochs[0]).not.toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[1]).not.toEqual(epochs[2]);
    const plain = await imageStream(rows(50), { seed: 1, shuffle: false }).read(0, 100);
    expect([...plain.labels!]).toEqual([...all, ...all]);
  });

  it("is mirrored half of the time, whole rows, and not in step with epochs", async () => {
    const { data, labels } = await imageStream(rows(10), { seed: 2, flip: true }).read(0, 4000);
    const mirrored = [...labels!].map((label, row) => {
      const line = [...data.subarray(row * 3, row * 3 + 3)];
      const straight = [label, label + 50, label + 100].map(scaled);
      const turned = line[0] === straight[2];
      expect(line).toEqual(turned ? straight.toReversed() : straight);
      return turned ? 1 : 0;
    });
    const share = mirrored.reduce<number>((a, b) => a + b, 0) / 4000;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
    for (let label = 0; label < 10; label++) {
      const own = mirrored.filter((_, row) => labels![row] === label);
      expect(Math.abs(own.reduce<number>((a, b) => a + b, 0) / 400 - 0.5)).toBeLessThan(0.11);
    }
  });

  it("keeps colours of a pixel together when mirrored", async () => {
    const set: Dataset = {
      name: "colour",
      length: 1,
      shape: [1, 2, 3],
      fingerprint: "c",
      image: () => ({ pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) }),
    };
    const { data, labels } = await imageStream(set, { seed: 0, flip: true }).read(0, 20);
    const seen = new Set(Array.from({ length: 20 }, (_, i) => data.slice(i * 6, i * 6 + 6).join()));
    const of = (...bytes: number[]) => Float32Array.from(bytes, scaled).join();
    expect(seen).toEqual(new Set([of(1, 2, 3, 4, 5, 6), of(4, 5, 6, 1, 2, 3)]));
    expect(labels).toBeUndefined();
  });

  it("follows the seed", async () => {
    const read = async (seed: number) => (await imageStream(rows(50), { seed }).read(0, 50)).labels!.join();
    expect(await read(5)).toBe(await read(5));
    expect(new Set(await Promise.all([0, 1, 2, 2 ** 40].map(read))).size).toBe(4);
  });
});

it("bytes become [−1, 1] or [0, 1], correctly rounded", async () => {
  const set: Dataset = {
    name: "bytes",
    length: 1,
    shape: [1, 256, 1],
    fingerprint: "b",
    image: () => ({ pixels: Uint8Array.from({ length: 256 }, (_, x) => x) }),
  };
  const read = async (range: "symmetric" | "unit") =>
    (await imageStream(set, { seed: 0, flip: false, range }).read(0, 1)).data;
  const [both, unit] = [await read("symmetric"), await read("unit")];
  for (let x = 0; x < 256; x++) {
    expect(both[x]).toBe(Math.fround((2 * x - 255) / 255));
    expect(unit[x]).toBe(Math.fround(x / 255));
  }
  expect([both[0], both[255], unit[0], unit[255]]).toEqual([-1, 1, 0, 1]);
});

describe("prefetching", () => {
  it("begins the next read, no more, and takes nothing twice", async () => {
    const set = rows(100, true);
    const stream = imageStream(set, { seed: 1, shuffle: false });
    await stream.read(0, 4);
    expect(set.reads).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await stream.read(4, 4);
    expect(set.reads).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await stream.read(50, 2);
    expect(set.reads.slice(12)).toEqual([50, 51, 52, 53]);
  });

  it("is pointless and left out where images come at once", async () => {
    const set = rows(100);
    await imageStream(set, { seed: 1, shuffle: false }).read(0, 4);
    expect(set.reads).toEqual([0, 1, 2, 3]);
  });

  it("fails only when the failing image is read, and again when read again", async () => {
    const set: Dataset = {
      ...rows(10, true),
      image: async (index) => {
        if (index === 5) throw new Error("picture 5 is broken");
        return { pixels: Uint8Array.of(1, 2, 3) };
      },
    };
    const stream = imageStream(set, { seed: 1, shuffle: false });
    await stream.read(0, 4);
    await new Promise((done) => setTimeout(done, 20));
    await expect(stream.read(4, 4)).rejects.toThrow("picture 5 is broken");
    await expect(stream.read(5, 1)).rejects.toThrow("picture 5 is broken");
    expect((await stream.read(6, 2)).shape[0]).toBe(2);
  });
});

describe("a stream refuses", () => {
  const digits: Dataset = { ...rows(10), name: "digits", flippable: false };
  it("to flip digits, and does not by default", async () => {
    expect(() => imageStream(digits, { seed: 0, flip: true })).toThrow(/flip on digits.*mirror/);
    const { data, labels } = await imageStream(digits, { seed: 0 }).read(0, 200);
    for (let i = 0; i < 200; i++) expect(data[3 * i]).toBe(scaled(labels![i]!));
  });

  it("what is not a whole number", async () => {
    expect(() => imageStream(rows(3), { seed: -1 })).toThrow(/seed -1, expected a whole number/);
    expect(() => imageStream(rows(3), { seed: 0, prefetch: 0.5 })).toThrow(/prefetch/);
    expect(() => imageStream(rows(3), { seed: 0, range: "byte" as never })).toThrow(/range "byte"/);
    const stream = imageStream(rows(3), { seed: 0 });
    await expect(stream.read(-1, 2)).rejects.toThrow(/first -1/);
    await expect(stream.read(0, 1.5)).rejects.toThrow(/count 1.5/);
    await expect(stream.read(2 ** 53 - 1, 2)).rejects.toThrow(/first \+ count/);
  });

  it("an empty set, images of another size, and labels on some", async () => {
    expect(() => imageStream(rows(0), { seed: 0 })).toThrow(/rows has no images/);
    const short: Dataset = { ...rows(3), image: () => ({ pixels: Uint8Array.of(1) }) };
    await expect(imageStream(short, { seed: 0 }).read(0, 1)).rejects.toThrow(/has 1 bytes, expected 3/);
    const some: Dataset = {
      ...rows(4),
      image: (i) => ({ pixels: Uint8Array.of(1, 2, 3), ...(i > 1 ? { label: 1 } : {}) }),
    };
    await expect(imageStream(some, { seed: 0 }).read(0, 4)).rejects.toThrow(/2 of 4 images have no label/);
  });
});

it("the fingerprint distinguishes source, order, augmentation and range", () => {
  const prints = [
    imageStream(rows(9), { seed: 0 }),
    imageStream(rows(8), { seed: 0 }),
    imageStream(rows(9), { seed: 1 }),
    imageStream(rows(9), { seed: 0, flip: false }),
    imageStream(rows(9), { seed: 0, shuffle: false }),
    imageStream(rows(9), { seed: 0, range: "unit" }),
  ].map((stream) => stream.fingerprint);
  expect(new Set(prints).size).toBe(6);
  expect(imageStream(rows(9), { seed: 0, flip: true, prefetch: 3 }).fingerprint).toBe(prints[0]);
});

it("streams the embedded shapes as a trainer reads them", async () => {
  const stream = imageStream(shapes({ size: 16, count: 60 }), { seed: 0 });
  const { data, shape, labels } = await stream.read(55, 10);
  expect(shape).toEqual([10, 16, 16, 3]);
  expect(data.every((value) => value >= -1 && value <= 1)).toBe(true);
  expect(labels!.every((label) => label >= 0 && label < 6)).toBe(true);
  expect(stream).toMatchObject({ length: 60, shape: [16, 16, 3] });
  expect(stream.classes).toHaveLength(6);
});
