import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../packages/core/src/index.ts";
import { globalNorm } from "../../packages/trainer/src/authoring.ts";
import { clips } from "../../packages/trainer/src/index.ts";
import type { Declared } from "./declared.ts";
import { type DeclaredOptimizer, torchOptimizer } from "./references/optimizers.ts";
import { type Case, isRecord, membersBut, slowCaseOf, unsupported } from "./result.ts";
import { scaledError } from "./scaled-error.ts";

interface Golden {
  /** Where the numbers come from, e.g. `torch 1.13`. */
  readonly reference?: string;
  readonly optimizer: string;
  readonly options: Declared;
  readonly w_0_1_2: readonly (readonly number[])[];
  readonly loss_at_step?: readonly number[];
  readonly gradient_used_at_step?: readonly (readonly number[])[];
  readonly clip_grad_norm_max_norm?: number;
  readonly total_norm_before_clipping?: readonly number[];
  readonly final_state?: Declared;
}

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Clip {
  readonly max_norm: number;
  readonly norm_type: number | string;
  readonly grads: readonly Stored[];
  readonly total_norm: number;
  readonly clipped: readonly Stored[];
}

const A = [
  [3, 0.5, -0.2, 0.1],
  [0.5, 1, 0.3, 0],
  [-0.2, 0.3, 0.4, 0.05],
  [0.1, 0, 0.05, 5],
];
const b = [1, -2, 0.5, 3];

/** f(w) = wᵀ A w / 2 − bᵀ w and its gradient. */
function quadratic(w: ArrayLike<number>): { readonly loss: number; readonly gradient: number[] } {
  const product = A.map((row) => row.reduce((sum, a, j) => sum + a * w[j]!, 0));
  const loss = product.reduce((sum, value, i) => sum + w[i]! * (value / 2 - b[i]!), 0);
  return { loss, gradient: product.map((value, i) => value - b[i]!) };
}

/** What a training of {@link quadratic} leaves behind. */
interface Path {
  readonly weights: readonly ArrayLike<number>[];
  readonly losses: readonly number[];
  readonly gradients: readonly ArrayLike<number>[];
  readonly norms: readonly number[];
  /** The optimiser's state by our names, without the weight's. */
  readonly state: Readonly<Record<string, ArrayLike<number>>>;
}

/** Weights, losses, gradients, norms and state, in float32. */
export async function optimizerCases(golden: Golden, i: number): Promise<Case[]> {
  const id = `optimizers/${i} ${golden.optimizer}`;
  const uncompared = membersBut(golden, known);
  const done = await slowCaseOf(id, async () => {
    const declared = torchOptimizer(golden.optimizer, golden.options, golden.reference);
    const path = await pathOf(golden, declared);
    const start = golden.w_0_1_2.slice(1);
    if (start.length === 0) throw new Error("the case stores no weights after an update");
    const { loss_at_step: losses, gradient_used_at_step: gradients } = golden;
    const norms = golden.total_norm_before_clipping;
    return Math.max(
      ...start.map((weights, n) => scaledError(path.weights[n]!, weights, 4e-6)),
      losses ? scaledError(path.losses, losses, 2e-5) : 0,
      ...(gradients ?? []).map((wanted, n) => scaledError(path.gradients[n]!, wanted, 2e-5)),
      norms ? scaledError(path.norms, norms, 2e-5) : 0,
      stateError(golden, declared, path),
    );
  });
  return [{ ...done, uncompared }];
}

const known = [
  "id",
  "reference",
  "optimizer",
  "options",
  "note",
  "w_0_1_2",
  "loss_at_step",
  "gradient_used_at_step",
  "clip_grad_norm_max_norm",
  "total_norm_before_clipping",
  "final_state",
];

/** Members of torch's state that are numbers of the update, not of the weights. */
const counters = new Set(["step", "mu_product"]);

function stateError(
  { final_state: wanted = {} }: Golden,
  { stateName }: DeclaredOptimizer,
  { state }: Path,
): number {
  const errors = Object.entries(wanted).map(([member, value]) => {
    if (counters.has(member) || value === null) return 0;
    const name = stateName(member) ?? unsupported(`the state ${member} has no counterpart`);
    const data = isRecord(value) ? (value.data as number[]) : (value as number[]);
    return scaledError(state[name] ?? [], data, 2e-5);
  });
  return Math.max(0, ...errors);
}

async function pathOf(golden: Golden, { optimizer, rate }: DeclaredOptimizer): Promise<Path> {
  let params: Params = { w: tf.tensor1d([...golden.w_0_1_2[0]!]) };
  let state = optimizer.init(params);
  const path = {
    weights: [] as Float32Array[],
    losses: [] as number[],
    gradients: [] as Float32Array[],
    norms: [] as number[],
  };
  const { clip_grad_norm_max_norm: maxNorm } = golden;
  const clip = maxNorm === undefined ? undefined : clips.create({ name: "norm", maxNorm });
  for (let n = 1; n < golden.w_0_1_2.length; n++) {
    const { loss, gradient } = quadratic(await params.w!.data());
    const numbers = optimizer.scalars(n, rate);
    const next = tf.tidy(() => {
      const raw = { w: tf.tensor1d(gradient) };
      const norm = globalNorm(raw);
      const gradients = clip ? { ...clip.apply(raw, norm) } : raw;
      const scalars = Object.fromEntries(
        Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]),
      );
      const updated = optimizer.update({ params, gradients, state, scalars });
      return { params: { ...updated.params }, state: { ...updated.state }, used: gradients.w!, norm };
    });
    path.losses.push(loss);
    path.gradients.push((await next.used.data()) as Float32Array);
    path.norms.push((await next.norm.data())[0]!);
    tf.dispose([params, state, next.used, next.norm]);
    ({ params, state } = next);
    path.weights.push((await params.w!.data()) as Float32Array);
  }
  const kept = await Promise.all(
    Object.entries(state).map(
      async ([name, value]) => [name.replace(/\/w$/, ""), await value.data()] as const,
    ),
  );
  tf.dispose([params, state]);
  return { ...path, state: Object.fromEntries(kept) };
}

/** Norm and clipped gradients, in float32. */
export function clipCase(golden: Clip, i: number): Promise<Case> {
  const { max_norm, norm_type, grads, total_norm, clipped } = golden;
  return slowCaseOf(`clip_grad_norm/${i} norm ${norm_type}`, async () => {
    if (grads.length !== clipped.length)
      throw new Error(`${grads.length} gradients, ${clipped.length} clipped`);
    const power =
      norm_type === "inf" || norm_type === "Infinity" ? Number.POSITIVE_INFINITY : Number(norm_type);
    const gradients = Object.fromEntries(
      grads.map(({ shape, data }, k) => [`${k}`, tf.tensor([...data], [...shape])]),
    );
    const { norm, ours } = tf.tidy(() => {
      const clip = clips.create({
        name: "norm",
        maxNorm: max_norm,
        normType: Number.isFinite(power) ? power : "infinity",
      });
      return {
        norm: globalNorm(gradients, power),
        ours: { ...clip.apply(gradients, globalNorm(gradients)) },
      };
    });
    let error = scaledError(await norm.data(), [total_norm], 1e-6);
    for (const [k, { data }] of clipped.entries()) {
      error = Math.max(error, scaledError(await ours[`${k}`]!.data(), data, 1e-6));
    }
    tf.dispose([gradients, norm, ours]);
    return error;
  });
}
