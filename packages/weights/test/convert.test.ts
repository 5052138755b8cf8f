import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "../src/authoring.ts";
import { float32, integers } from "../src/index.ts";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

it("every half but NaN survives the way to float32 and back", () => {
  const back = toFloat16(fromFloat16(all));
  for (const bits of all) if ((bits & 0x7fff) <= 0x7c00) expect(back[bits]).toBe(bits);
  const values = fromFloat16(
    Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x8000, 0x7e00),
  );
  expect([...values]).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, -0, NaN]);
});

it("every bfloat16 but NaN survives the way to float32 and back", () => {
  const back = toBfloat16(fromBfloat16(all));
  for (const bits of all) if ((bits & 0x7fff) <= 0x7f80) expect(back[bits]).toBe(bits);
  expect(fromBfloat16(Uint16Array.of(0x3f80, 0xc0a0))).toEqual(Float32Array.of(1, -5));
  expect(Number.isNaN(fromBfloat16(toBfloat16(Float32Array.of(NaN)))[0])).toBe(true);
});

it("rounding goes to the nearest, ties to even", () => {
  for (const [to, from] of [
    [toFloat16, fromFloat16],
    [toBfloat16, fromBfloat16],
  ] as const) {
    const finite = [...from(all)].filter((x) => Number.isFinite(x)).sort((a, b) => a - b);
    fc.assert(
      fc.property(fc.nat(finite.length - 2), fc.double({ min: 0, max: 1, noNaN: true }), (i, part) => {
        const [low, high] = [finite[i]!, finite[i + 1]!];
        const x = Math.fround(low + (high - low) * part);
        const got = from(to(Float32Array.of(x)))[0]!;
        expect(Math.abs(got - x)).toBe(Math.abs(Math.min(x - low, high - x)));
      }),
      { numRuns: 2000 },
    );
  }
  expect([...toFloat16(Float32Array.of(2049, 2051, 65519, 65520, 2 ** -25, 3 * 2 ** -25))]).toEqual([
    0x6800, 0x6802, 0x7bff, 0x7c00, 0, 2,
  ]);
});

it("float32 takes what float32 can hold and refuses the rest", () => {
  const f32 = Float32Array.of(1.5);
  expect(float32({ dtype: "F32", shape: [1], data: f32 })).toBe(f32);
  expect(float32({ dtype: "F64", shape: [2], data: Float64Array.of(0.1, Infinity) })).toEqual(
    Float32Array.of(0.1, Infinity),
  );
  expect(float32({ dtype: "I64", shape: [1], data: BigInt64Array.of(-7n) })).toEqual(Float32Array.of(-7));
  expect(() => float32({ dtype: "F64", shape: [1], data: Float64Array.of(1e300) }, "w")).toThrow(
    /w holds 1e\+300/,
  );
  expect(() => float32({ dtype: "I32", shape: [1], data: Int32Array.of(2 ** 24 + 1) }, "w")).toThrow(
    /w holds/,
  );
});

it("integers come as doubles, exactly or not at all", () => {
  const big = BigInt64Array.of(0n, -(2n ** 53n - 1n));
  expect([...integers({ dtype: "I64", shape: [2], data: big })]).toEqual([0, -(2 ** 53 - 1)]);
  expect(() => integers({ dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 53n) }, "step")).toThrow(
    /step holds 9007199254740992 at 0, expected at most ±9007199254740991/,
  );
  expect(() => integers({ dtype: "F32", shape: [1], data: Float32Array.of(1) })).toThrow(/is F32/);
});
