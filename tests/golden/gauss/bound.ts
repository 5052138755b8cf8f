import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { bitsPerDim, clip } from "../../../packages/diffusion/src/index.ts";
import { choiceOf } from "../declared.ts";
import { namedSchedule } from "../references/schedules.ts";
import { type Case, caseOf, errorOf, unsupported } from "../result.ts";
import { channelsLast, type Model, type Stored } from "../sampling/file.ts";
import { formulaOf, tensorLike, withoutRemarks } from "../sampling/formula.ts";
import { closedForm } from "../sampling/stub.ts";
import { kindsOf, type Part, stored } from "./names.ts";
import { images } from "./numbers.ts";

interface BoundBlock {
  readonly T: number;
  readonly schedule: string;
  readonly model_var_type: string;
  readonly model: Model;
  readonly clip_denoised?: boolean;
  readonly variance_head?: string;
  readonly x0: Stored;
}

/** The second half of the network's channels where it has one: the block's formula, or the README's. */
const HEAD = "0.8*sin(2*x + 0.01*t)";

/** The terms of calc_bpd_loop by our own arithmetic. */
async function boundOf(block: Part) {
  const given = block as unknown as BoundBlock;
  const { T, schedule: name, model, x0, variance_head: head, clip_denoised: clipped = true } = given;
  const variance = choiceOf(block, "model_var_type", kindsOf);
  if (variance === "learned-log" && head === undefined) unsupported("LEARNED without a variance_head");
  const formula = formulaOf(withoutRemarks(head ?? HEAD), ["x", "t"]);
  const { s, centre } = closedForm(model, model.kind ?? "");
  const noises = block["noises_in_order_of_t_from_T-1_to_0"] as readonly Stored[];
  const schedule = namedSchedule(name, T);
  const wrapper = clipped ? clip() : (denoise: Parameters<ReturnType<typeof clip>>[0]) => denoise;
  const found = await bitsPerDim({
    schedule,
    variance,
    x0: images(x0),
    random: listed(noises),
    denoise: wrapper((x, { alpha, sigma, t }) => {
      const total = (alpha * s) ** 2 + sigma ** 2;
      const f = tf.mul(tf.sub(x, tf.mul(centre(x, alpha, total), alpha)), sigma / total);
      const step = Math.round(t * T) - 1;
      const learned = variance.startsWith("learned");
      return {
        x0: combine([1 / alpha, x], [-sigma / alpha, f]),
        ...(learned ? { variance: tensorLike(formula({ x, t: step }), x) } : {}),
      };
    }),
  });
  return { found, schedule };
}

const falling = (rows: readonly Float32Array[]): number[] =>
  Array.from({ length: rows[0]!.length }, (_, b) => rows.map((row) => row[b]!).reverse()).flat();

const inputs = [
  "schedule",
  "T",
  "model_var_type",
  "model",
  "variance_head",
  "clip_denoised",
  "x0",
  "noises_in_order_of_t_from_T-1_to_0",
  "reference",
  "note",
];

/** calc_bpd_loop. */
export async function boundCases(block: Part, i: number): Promise<Case[]> {
  const { T, schedule: name, model_var_type: kind } = block as unknown as BoundBlock;
  const { found, schedule } = await boundOf(block);
  const ours: Readonly<Record<string, ArrayLike<number>>> = {
    vb: falling(found.terms),
    xstart_mse: falling(found.x0Error),
    mse: falling(found.epsError),
    total_bpd: found.total,
    prior_bpd: found.prior,
  };
  // A network that returns the noise gives x̂_0 to a rounding over alpha.
  const alphaOf = (k: number) => schedule.at((T - (k % T)) / T).alpha;
  return Object.keys(block)
    .filter((part) => !inputs.includes(part))
    .map((part) =>
      caseOf(`bpd_loop/${i} ${name} ${kind} ${part}`, () => {
        const numbers = Object.hasOwn(ours, part) ? ours[part]! : unsupported(`nothing compares ${part}`);
        const golden = stored(block[part]).data;
        if (part !== "xstart_mse")
          return errorOf(numbers, golden, { abs: part === "mse" ? 2e-5 : 2e-6, rel: 1e-5 });
        if (numbers.length !== golden.length) return Number.POSITIVE_INFINITY;
        return Math.max(
          ...golden.map((wanted, k) =>
            errorOf([numbers[k]!], [wanted], { abs: 1e-6 / alphaOf(k), rel: 1e-5 }),
          ),
        );
      }),
    );
}

/** Noises that are listed from the noisiest step on. */
function listed(noises: readonly Stored[]): Random {
  const refuse = (): never => {
    throw new Error("only normal numbers are listed");
  };
  const silent = {
    uniform: refuse,
    normal: refuse,
    integer: refuse,
    uniforms: refuse,
    permutation: refuse,
    state: refuse,
  };
  const stream = (sample: number, step: number): Random => ({
    ...silent,
    fork: refuse,
    normals: (count) => {
      const { shape, data } = noises[noises.length - 1 - step]!;
      return channelsLast(data, shape).slice(sample * count, (sample + 1) * count);
    },
  });
  return {
    ...silent,
    normals: refuse,
    fork: (sample) => ({ ...silent, normals: refuse, fork: (step) => stream(Number(sample), Number(step)) }),
  };
}
