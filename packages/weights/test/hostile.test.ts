import { isDdpmError, random } from "@ddpm/core";
import { describe, expect, it } from "vitest";
import { DTYPE_NAMES, HEADER_LIMIT } from "../src/authoring.ts";
import { readSafetensors, writeSafetensors } from "../src/index.ts";
import { file, tensorOf } from "./files.ts";

const entry = (more: object) =>
  JSON.stringify({ w: { dtype: "U8", shape: [1], data_offsets: [0, 1], ...more } });
const two = (a: [number, number], b: [number, number]) => {
  const of = (offsets: [number, number]) => ({
    dtype: "U8",
    shape: [offsets[1] - offsets[0]],
    data_offsets: offsets,
  });
  return JSON.stringify({ a: of(a), b: of(b) });
};
const lengthOnly = (length: bigint, rest = 0) => {
  const bytes = new Uint8Array(8 + rest);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
};

describe("a hostile file is refused, by name", () => {
  it.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(), /0 bytes, expected at least 8/],
    ["seven bytes", new Uint8Array(7), /7 bytes, expected at least 8/],
    ["no header", lengthOnly(0n), /does not begin with \{/],
    ["header over the file", lengthOnly(100n, 99), /header of 100 bytes in a file of 107/],
    ["header over the limit", lengthOnly(BigInt(HEADER_LIMIT + 1), 9), /expected at most 100000000/],
    ["header of 2^64 − 1", lengthOnly(2n ** 64n - 1n, 9), /header of 18446744073709551615 bytes/],
    ["not UTF-8", file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8/],
    ["a byte order mark", file("\ufeff{}"), /does not begin with \{/],
    ["a list", file("[]"), /does not begin with \{/],
    ["a space first", file(" {}"), /does not begin with \{/],
    ["null", file("null"), /does not begin with \{/],
    ["half of JSON", file('{"w":{'), /not JSON/],
    ["something after the object", file("{} x"), /not JSON/],
    ["NUL padding", file("{}\0\0"), /not JSON/],
    ["deep nesting", file(`{"a":${"[".repeat(100_000)}`), /nested more than 3/],
    ["deep objects", file('{"a":'.repeat(100_000)), /nested more than 3/],
    [
      "millions of names",
      file(`{${Array.from({ length: 1_000_001 }, (_, i) => `"${i}":0`).join()}}`),
      /more than 1000000 names/,
    ],
    [
      "the same tensor twice",
      file(
        '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
      /name "w" is there twice/,
    ],
    [
      "the same tensor twice, once escaped",
      file(
        '{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]} , "\\u0077" :{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
      /name "w" is there twice/,
    ],
    [
      "a field twice",
      file('{"w":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}', 1),
      /"dtype" is there twice/,
    ],
    ["notes twice", file('{"__metadata__":{},"__metadata__":{}}'), /"__metadata__" is there twice/],
    ["a note twice", file('{"__metadata__":{"a":"1","a":"2"}}'), /"a" is there twice/],
    [
      "the name __proto__",
      file('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      /"__proto__"/,
    ],
    ["a note __proto__", file('{"__metadata__":{"__proto__":"x"}}'), /"__proto__"/],
    [
      "half a surrogate pair",
      file('{"\\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      /surrogate/,
    ],
    ["notes that are a list", file('{"__metadata__":["a"]}'), /__metadata__ is not an object/],
    ["a note that is a number", file('{"__metadata__":{"a":1}}'), /metadata "a" is not a string/],
    ["a tensor that is null", file('{"w":null}'), /"w": not an object/],
    ["a tensor that is a list", file('{"w":[]}'), /"w": not an object/],
    [
      "unknown dtype",
      file(entry({ dtype: "F8_E4M3" }), 1),
      /"w": dtype "\\"F8_E4M3\\"", expected one of U64/,
    ],
    ["dtype from Object", file(entry({ dtype: "constructor" }), 1), /"w": dtype/],
    ["dtype that is a number", file(entry({ dtype: 3 }), 1), /"w": dtype "3"/],
    ["no dtype", file('{"w":{"shape":[1],"data_offsets":[0,1]}}', 1), /"w": dtype "undefined"/],
    ["unknown field", file(entry({ strides: [1] }), 1), /"w": unknown field "strides"/],
    ["no shape", file('{"w":{"dtype":"U8","data_offsets":[0,1]}}', 1), /"w": shape/],
    ["shape that is text", file(entry({ shape: "1" }), 1), /"w": shape/],
    ["text in a shape", file(entry({ shape: ["1"] }), 1), /"w": shape/],
    ["negative size", file(entry({ shape: [-1] }), 1), /number "-1"/],
    ["two negative sizes", file(entry({ shape: [-1, -1] }), 1), /number "-1"/],
    ["fractional size", file(entry({ shape: [0.5, 2] }), 1), /number "0.5"/],
    ["a size of 1e3", file('{"w":{"dtype":"U8","shape":[1e3],"data_offsets":[0,1]}}', 1), /number "1e3"/],
    ["a size of 2^53", file(entry({ shape: [2 ** 53] }), 1), /"w": shape/],
    ["a product over 2^53", file(entry({ shape: [2 ** 30, 2 ** 30] }), 1), /"w": shape multiplies/],
    [
      "a product over 2^53, then 0",
      file(entry({ shape: [2 ** 30, 2 ** 30, 0] }), 1),
      /"w": shape multiplies/,
    ],
    [
      "a product of 2^64, 0 modulo 2^64",
      file(entry({ shape: [2 ** 32, 2 ** 32], data_offsets: [0, 0] })),
      /"w": shape multiplies/,
    ],
    ["no offsets", file('{"w":{"dtype":"U8","shape":[1]}}', 1), /"w": data_offsets/],
    ["three offsets", file(entry({ data_offsets: [0, 1, 1] }), 1), /"w": data_offsets/],
    ["offsets that fall", file(entry({ data_offsets: [1, 0] }), 1), /"w": data_offsets 1 … 0/],
    ["bytes that do not fit the shape", file(entry({ shape: [2] }), 1), /"w": 1 bytes.*expected 2/],
    ["bytes that do not fit the dtype", file(entry({ dtype: "F32" }), 1), /"w": 1 bytes.*expected 4/],
    ["out of range", file(entry({ shape: [9], data_offsets: [0, 9] }), 8), /"w" ends at byte 9 of 8/],
    [
      "a petabyte claimed",
      file(entry({ shape: [1e15], data_offsets: [0, 1e15] }), 8),
      /"w" ends at byte 1000000000000000 of 8/,
    ],
    ["a hole in front", file(entry({ data_offsets: [1, 2] }), 2), /"w" begins at byte 1 and leaves a hole/],
    ["a hole between", file(two([0, 1], [2, 3]), 3), /"b" begins at byte 2 and leaves a hole/],
    ["overlap", file(two([0, 2], [1, 3]), 3), /"b" begins at byte 1 and overlaps/],
    ["the same bytes twice", file(two([0, 2], [0, 2]), 2), /"b" begins at byte 0 and overlaps/],
    ["trailing bytes", file(entry({}), 3), /2 bytes after the last tensor/],
    ["data and no tensor", file("{}", 3), /3 bytes after the last tensor/],
    ["a BOOL of 2", file(entry({ dtype: "BOOL" }), Uint8Array.of(2)), /"w": a BOOL above 1/],
  ])("%s", (_, bytes, message) => {
    let caught: unknown;
    try {
      readSafetensors(bytes, { file: "evil.safetensors" });
    } catch (error) {
      caught = error;
    }
    expect(isDdpmError(caught)).toBe(true);
    expect((caught as Error).message).toMatch(message);
    expect((caught as Error).message).toContain("evil.safetensors: ");
    expect((caught as Error).message.length).toBeLessThan(400);
  });

  it("any truncation of a good file", () => {
    const bytes = writeSafetensors({ a: tensorOf("F32", [2, 2], 1), b: tensorOf("I64", [1], 2) }, { k: "v" });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(/truncated|expected at least 8/);
    }
  });
});

it("names from Object.prototype are ordinary, and absent ones are absent", () => {
  const read = readSafetensors(writeSafetensors({ constructor: tensorOf("U8", [1], 0) } as never));
  expect(Object.keys(read.tensors)).toEqual(["constructor"]);
  expect(read.tensors.constructor).toMatchObject({ dtype: "U8" });
  expect(read.tensors.toString).toBeUndefined();
  expect(read.metadata.hasOwnProperty).toBeUndefined();
});

it("30,000 mutated files give a valid result or a DdpmError, never anything else", () => {
  const rng = random(5);
  const good = writeSafetensors(
    Object.fromEntries(
      DTYPE_NAMES.map((dtype, i) => [`layer.${i}.${dtype}`, tensorOf(dtype, [i % 3, 2], i)]),
    ),
    { format: "pt", step: "12" },
  );
  const dataStart = 8 + Number(new DataView(good.buffer).getBigUint64(0, true));
  const ascii = [...'{}[]":,0123456789-.eE\\u _aFIU'].map((c) => c.charCodeAt(0));
  const mutate = (bytes: Uint8Array): Uint8Array => {
    const at = rng.integer(rng.uniform() < 0.8 ? dataStart : bytes.length);
    const chance = rng.uniform();
    if (chance < 0.35) return bytes.with(Math.min(at, bytes.length - 1), ascii[rng.integer(ascii.length)]!);
    if (chance < 0.5) return bytes.with(Math.min(at, bytes.length - 1), rng.integer(256));
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at + rng.integer(12))];
    if (chance < 0.65) return Uint8Array.from([...head, ...tail]);
    if (chance < 0.8)
      return Uint8Array.from([...head, ascii[rng.integer(ascii.length)]!, ...bytes.subarray(at)]);
    const piece = bytes.subarray(rng.integer(bytes.length)).subarray(0, rng.integer(80));
    return Uint8Array.from([...head, ...piece, ...bytes.subarray(at)]);
  };
  const fixLength = (bytes: Uint8Array): Uint8Array => {
    const grown = bytes.slice();
    const length = dataStart - 8 + (grown.length - good.length);
    if (grown.length >= 8 && length >= 0) new DataView(grown.buffer).setBigUint64(0, BigInt(length), true);
    return grown;
  };
  const seen = { valid: 0, refused: 0 };
  const until = Date.now() + 40_000;
  for (let n = 0; n < 30_000 && (n < 20_000 || Date.now() < until); n++) {
    let bytes: Uint8Array = good;
    for (let times = 1 + rng.integer(3); times > 0 && bytes.length > 1; times--) bytes = mutate(bytes);
    if (rng.uniform() < 0.7) bytes = fixLength(bytes);
    try {
      const { tensors } = readSafetensors(bytes);
      let total = 0;
      for (const { shape, data } of Object.values(tensors)) {
        expect(shape.reduce((product, size) => product * size, 1)).toBe(data.length);
        total += data.byteLength;
      }
      expect(total).toBeLessThan(bytes.length);
      seen.valid++;
    } catch (error) {
      if (!isDdpmError(error)) throw error;
      seen.refused++;
    }
  }
  expect(seen.valid).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(5000);
});

describe("a file that the reference reads is read:", () => {
  const one = '"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}';
  it.each([
    ["metadata null", `{"__metadata__":null,${one}}`],
    ["metadata without entries", `{"__metadata__":{},${one}}`],
    ["blanks after the header", `{${one}}      `],
    ["line ends in the header", `{\r\n${one}\n}`],
  ])("%s", (_what, header) => {
    const { tensors, metadata } = readSafetensors(file(header, Uint8Array.of(7)));
    expect([...tensors.w!.data]).toEqual([7]);
    expect(Object.keys(metadata)).toEqual([]);
  });

  it("tensors without numbers, and none at all", () => {
    const header =
      '{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}';
    const { tensors } = readSafetensors(file(header, 1));
    expect([tensors.a!.shape, tensors.a!.data.length, tensors.b!.shape]).toEqual([[0, 3], 0, []]);
    expect(Object.keys(readSafetensors(file("{}")).tensors)).toEqual([]);
  });
});
