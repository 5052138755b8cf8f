import { expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../src/index.ts";

test("a Node.js Buffer at an odd place of its pool reads like a plain array", () => {
  const bytes = writeSafetensors({
    steps: { dtype: "I64", shape: [2], data: BigInt64Array.of(3n, -700n) },
    w: { dtype: "F32", shape: [3], data: Float32Array.of(0.5, -2, 7) },
  });
  const pool = Buffer.alloc(bytes.length + 16, 0xff);
  for (const offset of [0, 1, 3, 8]) {
    bytes.forEach((byte, i) => {
      pool[offset + i] = byte;
    });
    const { tensors } = readSafetensors(pool.subarray(offset, offset + bytes.length));
    expect([...(tensors.steps!.data as BigInt64Array)]).toEqual([3n, -700n]);
    expect([...(tensors.w!.data as Float32Array)]).toEqual([0.5, -2, 7]);
  }
});
