import { type Denoiser, fail, type Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { overPixels } from "../layers/attention/pixels.ts";
import { columnSineTable, rowSineTable } from "../layers/embeddings/row-sine-table.ts";
import { tableEmbedding } from "../layers/embeddings/table-embedding.ts";
import { timeMlp } from "../layers/embeddings/time-mlp.ts";
import { convTranspose2d } from "../layers/linear/conv-transpose2d.ts";
import { conv2d } from "../layers/linear/conv2d.ts";
import { batchNorm } from "../layers/norms/batch-norm.ts";
import { groupCount, groupNorm } from "../layers/norms/group-norm.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type Layer, type Run, type Scope, scope } from "../scope.ts";

/** Options of {@link dataflowr}; meanings, ranges and defaults are in its schema. */
export interface DataflowrOptions extends OutputOptions {
  channels?: number;
  width?: number;
  nSteps?: number;
  timeEmbDim?: number;
  table?: "faithful" | "transformer";
  norm?: "batch" | "group";
  timeEmbedding?: "before" | "inside";
}

const options = {
  channels: positiveInteger.default(3).describe("channels of the images"),
  width: positiveInteger.default(64).describe("channels of the finest level; each level doubles them"),
  nSteps: positiveInteger.default(1000).describe("rows of the embedding table: training steps"),
  timeEmbDim: positiveInteger.default(100).describe("columns of the embedding table"),
  table: z
    .enum(["faithful", "transformer"])
    .default("faithful")
    .describe("as published, sines along the wrong axis; or the table that was meant"),
  norm: z
    .enum(["batch", "group"])
    .default("batch")
    .describe("as published, statistics over all noise levels of a batch; or group norm, 8 groups"),
  timeEmbedding: z
    .enum(["before", "inside"])
    .default("before")
    .describe(
      "the noise level: as published, added before each pair of convolutions, to the image itself too; or between the two",
    ),
  ...outputOptions,
};

/** A layer that may receive the noise level. */
type TimeLayer = (run: Run, x: tf.Tensor4D, noise: tf.Tensor1D) => tf.Tensor4D;

const LEVELS = 5;
/** Four halvings, each rounded down, must leave a pixel. */
const LEAST = 2 ** (LEVELS - 1);

/** The U-Net of document 001, "micro"; 33,078,526 trained numbers by default. */
export const dataflowr: Plugin<DataflowrOptions, Denoiser> = plugin({
  name: "dataflowr",
  about:
    "A segmentation U-Net conditioned on the noise level at nine places: batch norm, max pooling, no attention.",
  source: "dataflowr/notebooks Module18/ddpm_micro_sol.ipynb; document 001",
  options,
  create(given): Denoiser {
    const { channels, width, nSteps: steps, timeEmbDim: waves, table, norm, timeEmbedding: where } = given;
    const root = scope();
    const values = (table === "faithful" ? rowSineTable : columnSineTable)(steps, waves);
    const columns = tableEmbedding(root.child("time"), { steps, width: waves, values });
    const widths = Array.from({ length: LEVELS }, (_, level) => width * 2 ** level);

    const half = (at: Scope, index: number, channelsIn: number, out: number): Layer<tf.Tensor4D> => {
      const conv = conv2d(at.child(`conv${index}`), { in: channelsIn, out });
      const normScope = at.child(`norm${index}`);
      const normed =
        norm === "batch"
          ? batchNorm(normScope, out)
          : groupNorm(normScope, { channels: out, groups: groupCount(out, 8) });
      return (run, x) => tf.relu(normed(run, conv(run, x)));
    };
    const adding = (at: Scope, count: number): TimeLayer => {
      const time = timeMlp(at.child("time"), { embed: columns, in: waves, hidden: count });
      return (run, x, noise) => tf.add(x, overPixels(time(run, noise)));
    };
    const unchanged: TimeLayer = (_run, x) => x;
    const before = (at: Scope, count: number) => (where === "before" ? adding(at, count) : unchanged);
    const double = (at: Scope, channelsIn: number, out: number): TimeLayer => {
      const embed = where === "inside" ? adding(at, out) : unchanged;
      const [first, second] = [half(at, 1, channelsIn, out), half(at, 2, out, out)];
      return (run, x, noise) => second(run, embed(run, first(run, x), noise));
    };

    const down = widths.map((out, level) => {
      const at = root.child("down").child(level);
      const channelsIn = widths[level - 1] ?? channels;
      return { level, embed: before(at, channelsIn), double: double(at, channelsIn, out) };
    });
    const up = widths
      .slice(0, -1)
      .map((out, level) => {
        const at = root.child("up").child(level);
        return {
          embed: before(at, 2 * out),
          enlarge: convTranspose2d(at.child("up"), { in: 2 * out, out, kernel: 2 }),
          double: double(at, 2 * out, out),
        };
      })
      .reverse();
    const outputs = headChannels("unet/dataflowr", given);
    const head = conv2d(root.child("out"), { in: width, out: outputs, kernel: 1 });

    return denoiserFrom(root, {
      name: "dataflowr",
      channels,
      outputs,
      forward(run, x, noise) {
        const [, height, breadth] = x.shape;
        if (Math.min(height, breadth) < LEAST) {
          fail(
            "unet/dataflowr",
            `images of ${height} × ${breadth} pixels; the least is ${LEAST} × ${LEAST}.`,
          );
        }
        let h = x;
        const skips: tf.Tensor4D[] = [];
        for (const { level, embed, double } of down) {
          const lit = embed(run, h, noise);
          h = double(run, level === 0 ? lit : tf.maxPool(lit, 2, 2, "valid"), noise);
          skips.push(h);
        }
        skips.pop();
        for (const { embed, enlarge, double } of up) {
          const skip = skips.pop()!;
          const larger = padTo(enlarge(run, embed(run, h, noise)), skip);
          h = double(run, tf.concat([larger, skip], 3), noise);
        }
        return head(run, h);
      },
    });
  },
});

/** Zeros around x up to the size of `like`, half of them, rounded down, on the left and top. */
function padTo(x: tf.Tensor4D, like: tf.Tensor4D): tf.Tensor4D {
  const sides = ([1, 2] as const).map((axis): [number, number] => {
    const missing = like.shape[axis] - x.shape[axis];
    return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
  });
  if (sides.every(([before, after]) => before === 0 && after === 0)) return x;
  return tf.pad(x, [[0, 0], sides[0]!, sides[1]!, [0, 0]]);
}
