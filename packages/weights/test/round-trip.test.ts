import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DTYPE_NAMES, readHeader } from "../src/authoring.ts";
import { readSafetensors, safetensorsChunks, writeSafetensors } from "../src/index.ts";
import { bytesOf, file, notes, records, tensorOf } from "./files.ts";

describe("writing, then reading", () => {
  it("gives back every dtype, shape, bit and note", () => {
    fc.assert(
      fc.property(records, notes, (tensors, metadata) => {
        const read = readSafetensors(writeSafetensors(tensors, metadata));
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [name, tensor] of Object.entries(tensors)) {
          const got = read.tensors[name]!;
          expect([got.dtype, got.shape]).toEqual([tensor.dtype, tensor.shape]);
          expect(got.data.constructor).toBe(tensor.data.constructor);
          expect(bytesOf(got)).toEqual(bytesOf(tensor));
        }
        expect({ ...read.metadata }).toEqual(metadata);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same bytes whatever order tensors and notes come in", () => {
    fc.assert(
      fc.property(records, notes, (tensors, metadata) => {
        const turned = Object.fromEntries(Object.entries(tensors).reverse());
        const turnedNotes = Object.fromEntries(Object.entries(metadata).reverse());
        expect(writeSafetensors(turned, turnedNotes)).toEqual(writeSafetensors(tensors, metadata));
      }),
    );
  });

  it("never copies: chunks are the arrays' memory, and aligned files are read as views", () => {
    const tensors = Object.fromEntries(DTYPE_NAMES.map((dtype) => [dtype, tensorOf(dtype, [3], 7)]));
    const buffers = new Set(Object.values(tensors).map(({ data }) => data.buffer));
    const [header, ...data] = safetensorsChunks(tensors);
    expect(header!.length % 8).toBe(0);
    expect(data).toHaveLength(DTYPE_NAMES.length);
    for (const chunk of data) expect(buffers.has(chunk.buffer)).toBe(true);
    const bytes = writeSafetensors(tensors);
    for (const { data } of Object.values(readSafetensors(bytes).tensors))
      expect(data.buffer).toBe(bytes.buffer);
  });

  it("reads from any offset in a larger buffer, copying what is not aligned", () => {
    const tensors = Object.fromEntries(DTYPE_NAMES.map((dtype) => [dtype, tensorOf(dtype, [2, 2], 3)]));
    const bytes = writeSafetensors(tensors);
    for (let shift = 0; shift < 9; shift++) {
      const moved = new Uint8Array(bytes.length + 20).fill(255);
      moved.set(bytes, shift);
      const read = readSafetensors(moved.subarray(shift, shift + bytes.length));
      for (const dtype of DTYPE_NAMES)
        expect(bytesOf(read.tensors[dtype]!)).toEqual(bytesOf(tensors[dtype]!));
    }
  });

  it("lists a file from its beginning alone", () => {
    const bytes = writeSafetensors({ w: tensorOf("F32", [100, 10], 1) }, { step: "3" });
    const { entries, metadata, dataStart } = readHeader(bytes.subarray(0, bytes.length - 4000), bytes.length);
    expect(entries).toEqual([{ name: "w", dtype: "F32", shape: [100, 10], begin: 0, end: 4000 }]);
    expect({ ...metadata }).toEqual({ step: "3" });
    expect(dataStart).toBe(bytes.length - 4000);
  });
});

describe("the bytes", () => {
  it("are those of the reference implementation (safetensors 0.8.0 in Python, one note)", () => {
    const expected =
      '{"__metadata__":{"x":"ü\\"\\n/\u007f\u2028"},"u":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},' +
      '"c":{"dtype":"I64","shape":[3],"data_offsets":[8,32]},"z":{"dtype":"F64","shape":[],"data_offsets":[32,40]},' +
      '"b":{"dtype":"F32","shape":[2,3],"data_offsets":[40,64]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[64,64]},' +
      '"h":{"dtype":"F16","shape":[2],"data_offsets":[64,68]},"a":{"dtype":"U8","shape":[3],"data_offsets":[68,71]},' +
      '"bo":{"dtype":"BOOL","shape":[2],"data_offsets":[71,73]}}';
    const text = new TextDecoder();
    const bytes = writeSafetensors(
      {
        bo: { dtype: "BOOL", shape: [2], data: Uint8Array.of(1, 0) },
        a: { dtype: "U8", shape: [3], data: Uint8Array.of(0, 1, 2) },
        b: { dtype: "F32", shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
        e: { dtype: "F32", shape: [0, 3], data: new Float32Array() },
        c: { dtype: "I64", shape: [3], data: BigInt64Array.of(0n, 1n, 2n) },
        h: { dtype: "F16", shape: [2], data: Uint16Array.of(0x3c00, 0x3c00) },
        u: { dtype: "U64", shape: [1], data: BigUint64Array.of(1n) },
        z: { dtype: "F64", shape: [], data: Float64Array.of(3.5) },
      },
      { x: 'ü"\n/\u007f\u2028' },
    );
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(text.decode(bytes.subarray(8, 8 + length)).trimEnd()).toBe(expected);
    expect([...bytes.subarray(8 + length + 68)]).toEqual([0, 1, 2, 1, 0]);
    expect(writeSafetensors({})).toEqual(file("{}      "));
  });

  it("order names by code point, as UTF-8 does", () => {
    const one = tensorOf("U8", [1], 0);
    const { entries } = readHeader(
      writeSafetensors({ "\u{1d6fc}": one, "\ufb01": one, b: one, B: one, bb: one }),
    );
    expect(entries.map(({ name }) => name)).toEqual(["B", "b", "bb", "\ufb01", "\u{1d6fc}"]);
  });
});

describe("refused to write", () => {
  const one = Float32Array.of(1);
  it.each([
    [
      "a shape that does not fit",
      { w: { dtype: "F32", shape: [2], data: one } },
      /"w": 1 numbers, expected 2/,
    ],
    [
      "an array of another dtype",
      { w: { dtype: "I32", shape: [1], data: one } },
      /"w": Float32Array.*Int32Array/,
    ],
    ["a dtype unknown here", { w: { dtype: "F8", shape: [1], data: one } }, /"w": dtype "F8"/],
    ["a fraction in a shape", { w: { dtype: "F32", shape: [0.5, 2], data: one } }, /"w": shape/],
    ["the name of the notes", { __metadata__: { dtype: "F32", shape: [1], data: one } }, /__metadata__/],
    ["half a character", { "\ud800": { dtype: "F32", shape: [1], data: one } }, /surrogate/],
    ["a BOOL of 2", { w: { dtype: "BOOL", shape: [1], data: Uint8Array.of(2) } }, /BOOL/],
  ])("%s", (_, tensors, message) => {
    expect(() => writeSafetensors(tensors as never)).toThrow(message);
  });

  it("notes that are not strings, and __proto__", () => {
    expect(() => writeSafetensors({}, { step: 3 } as never)).toThrow(/metadata "step" is not a string/);
    expect(() => writeSafetensors({}, JSON.parse('{"__proto__":"x"}'))).toThrow(/__proto__/);
    expect(() => writeSafetensors({}, { a: "\udc00" })).toThrow(/surrogate/);
  });
});
