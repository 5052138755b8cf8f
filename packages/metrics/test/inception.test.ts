import "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { expectClose, expectNoLeak } from "@ddpm/testing";
import { type SafeTensor, writeSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { convolutions } from "../src/extractors/inception/params.ts";
import { resizeForInception } from "../src/extractors/inception/resize.ts";
import { inceptionV3Extractor } from "../src/index.ts";
import { picturesOf, unit } from "./inception/unit.ts";

interface Golden {
  readonly entries: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly fullParameters: number;
  readonly images: { readonly p: number; readonly shape: readonly number[] };
  readonly outputs: Readonly<Record<"64" | "192" | "768" | "2048" | "logits", readonly number[]>>;
  readonly resizing: readonly ({ readonly p: number; readonly shape: readonly number[] } & Readonly<
    Record<
      "pytorch-fid" | "clean-fid",
      { readonly rows: number; readonly columns: number; readonly data: readonly number[] }
    >
  >)[];
}

const golden = JSON.parse(
  readFileSync(new URL("./inception/reduced.json", import.meta.url), "utf8"),
) as Golden;

/** The weights that the reference had, by the formula. */
function weights(): Record<string, SafeTensor> {
  const entries = golden.entries.map(([name, shape], p) => {
    const u = unit(
      p,
      shape.reduce((product, size) => product * size, 1),
    );
    const fan = shape.slice(1).reduce((product, size) => product * size, 1);
    const data = Float32Array.from(u, (value) => {
      if (name.endsWith("running_var")) return 1 + 0.5 * value;
      if (name.endsWith("bn.weight")) return 1 + 0.1 * value;
      return shape.length === 1 ? 0.1 * value : value * Math.sqrt(6 / fan);
    });
    return [name, { dtype: "F32", shape, data } satisfies SafeTensor] as const;
  });
  return Object.fromEntries(entries);
}

const file = writeSafetensors(weights());
const read = async (): Promise<Uint8Array> => file;
const [batch, channels, height, width] = golden.images.shape as [number, number, number, number];
const images = {
  data: picturesOf(golden.images.p, golden.images.shape),
  shape: [batch, height, width, channels] as const,
};

describe("the network against pytorch-fid's own code at a sixteenth of its width", () => {
  test.each(["64", "192", "768", "2048", "logits"] as const)("output %s", async (output) => {
    const extractor = await inceptionV3Extractor({ weights: "reduced", output }).prepare({ read });
    const { features, logits } = await extractor.extract(images);
    extractor.dispose();
    const expected = golden.outputs[output];
    const size = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0) / expected.length);
    expect(features).toHaveLength(expected.length);
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - features[i]!)));
    expect(worst / size).toBeLessThan(2e-5);
    expect(logits === features).toBe(output === "logits");
  });

  test("reads every tensor of the state dict, and the full network has as many numbers as the published file", () => {
    const named = convolutions().flatMap(({ path }) =>
      ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"].map(
        (part) => `${path}.${part}`,
      ),
    );
    expect([...named, "fc.weight", "fc.bias"].sort()).toEqual(golden.entries.map(([name]) => name).sort());
    const inputs = new Map(golden.entries.map(([name, shape]) => [name, shape[1]! * 16]));
    const count = convolutions().reduce(
      (sum, { path, conv }) => {
        const from = path === "Conv2d_1a_3x3" ? 3 : inputs.get(`${path}.conv.weight`)!;
        return sum + conv.out * (from * conv.kernel[0] * conv.kernel[1] + 4);
      },
      2048 * 1008 + 1008,
    );
    expect(count).toBe(golden.fullParameters);
  });

  test("says which tensor is missing, and leaves none behind", async () => {
    const { "Mixed_7c.branch_pool.bn.bias": _, ...rest } = weights();
    const broken = inceptionV3Extractor({ weights: "x" }).prepare({
      read: async () => writeSafetensors(rest),
    });
    await expect(broken).rejects.toThrow(/Mixed_7c\.branch_pool\.bn\.bias.*convert-inception/s);
    const small = { data: images.data.subarray(0, 4 * 4 * 3), shape: [1, 4, 4, 3] as const };
    await expectNoLeak("test/inception", async () => {
      const extractor = await inceptionV3Extractor({ weights: "x", output: 64 }).prepare({ read });
      await extractor.extract(small);
      extractor.dispose();
    });
  });
});

describe.each(golden.resizing)("resizing of $shape", ({ p, shape, ...expected }) => {
  const [, , rows, columns] = shape as [number, number, number, number];
  test.each(["pytorch-fid", "clean-fid"] as const)(
    "as %s, from every 37th row and 41st column",
    async (how) => {
      const { rows: byRow, columns: byColumn, data } = expected[how];
      const all = tf.tidy(() => {
        const resized = resizeForInception(tf.tensor4d(picturesOf(p, shape), [1, rows, columns, 3]), how);
        return tf.transpose(resized, [0, 3, 1, 2]).arraySync() as number[][][][];
      });
      const picked = all.flatMap((image) =>
        image.flatMap((channel) =>
          channel
            .filter((_, y) => y % byRow === 0)
            .flatMap((row) => row.filter((_, x) => x % byColumn === 0)),
        ),
      );
      await expectClose(tf.tensor1d(picked), data, { absolute: 1e-4 });
    },
  );
});
