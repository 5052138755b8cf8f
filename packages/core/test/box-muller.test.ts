import fc from "fast-check";
import { expect, test } from "vitest";
import { philox, type RandomState, randomFrom } from "../src/authoring.ts";
import { random } from "../src/index.ts";
import { fillNormals } from "../src/random/box-muller.ts";

/** The definition: one block per four words, one logarithm, cosine and sine per pair, in float64. */
function plainStream({ key: [key0, key1], position, spare }: RandomState) {
  const block = new Uint32Array(4);
  let at = position;
  let half = spare;
  const word = (): number => {
    const index = Math.floor(at / 4);
    philox([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], key0, key1, block);
    return block[at++ % 4]!;
  };
  const normal = (): number => {
    if (half !== undefined) {
      const value = half;
      half = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log((word() + 1) / 2 ** 32));
    const angle = (2 * Math.PI * word()) / 2 ** 32;
    half = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    normals: (count: number) => Float32Array.from({ length: count }, normal),
    uniforms: (count: number) => Float32Array.from({ length: count }, () => (word() >>> 8) / 2 ** 24),
    state: (): RandomState => ({
      key: [key0, key1],
      position: at,
      ...(half === undefined ? {} : { spare: half }),
    }),
  };
}

const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const same = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && Buffer.compare(bits(a), bits(b)) === 0;

test("a million normals of a stream and its forks are the bits of the functions they stand for", () => {
  const root = random(2 ** 40 + 7);
  for (const stream of [root, root.fork("start"), root.fork(3).fork(17), random(0)]) {
    const plain = plainStream(stream.state());
    for (const count of [249_999, 1, 2, 3, 0, 2047, 2048, 2045]) {
      expect(same(stream.normals(count), plain.normals(count)), `${count} normals`).toBe(true);
    }
    expect(stream.state()).toEqual(plain.state());
  }
});

test("normals and uniforms in turn, from any position and with half a pair left, are those bits too", () => {
  const draw = fc.tuple(fc.constantFrom("normals" as const, "uniforms" as const), fc.nat(5000));
  const positions = fc.oneof(fc.nat(100), fc.constantFrom(4 * 2 ** 32 - 3, 2 ** 50 + 1, 4 * (2 ** 32 - 1)));
  const key = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff));
  fc.assert(
    fc.property(
      key,
      positions,
      fc.boolean(),
      fc.array(draw, { maxLength: 5 }),
      (key, position, half, draws) => {
        const state = { key, position, ...(half ? { spare: -1.25 } : {}) };
        const [fast, plain] = [randomFrom(state), plainStream(state)];
        for (const [kind, count] of draws) expect(same(fast[kind](count), plain[kind](count))).toBe(true);
        expect(fast.state()).toEqual(plain.state());
      },
    ),
  );
});

test("words at the edges of the tables, and where cosine or sine vanish, are those bits too", () => {
  const near = (word: number) => [-2, -1, 0, 1, 2].map((by) => (word + by) >>> 0);
  const edges = Array.from({ length: 256 }, (_, i) => near(i * 2 ** 24)).flat();
  const powers = Array.from({ length: 32 }, (_, i) => near(2 ** i)).flat();
  const interesting = [...edges, ...powers, 0, 0xffffffff];
  const words = Uint32Array.from(
    interesting.flatMap((a, i) => interesting.flatMap((b, k) => ((i + k) % 16 === 0 ? [a, b] : []))),
  );
  const drawn = new Float32Array(words.length);
  fillNormals(words, 0, drawn, 0, words.length / 2);
  const wanted = Float32Array.from(words, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((words[i & ~1]! + 1) / 2 ** 32));
    const angle = (2 * Math.PI * words[i | 1]!) / 2 ** 32;
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  expect(same(drawn, wanted)).toBe(true);
});
