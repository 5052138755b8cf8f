import { useBackend } from "@ddpm/backends";
import { type Denoiser, type Params, random } from "@ddpm/core";
import { losses, parameterizations, weights } from "@ddpm/diffusion";
import { batchLoss, type LossInputs, lossColumns } from "@ddpm/diffusion/authoring";
import { cosine } from "@ddpm/schedules";
import { ho } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs";

/** What a training step starts from. */
export interface Step {
  readonly loss: number;
  /** By the parameter's name. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const small = (): Denoiser =>
  ho({ width: 8, multipliers: [1, 2], blocks: 1, attention: [1], groupSize: 4, dropout: 0 });

/** Loss and gradients of one step from a fixed seed, on a backend by its name. */
export async function oneStep(backend: string, denoiser: Denoiser = small()): Promise<Step> {
  await useBackend(backend, {});
  const shape: [number, number, number, number] = [3, 8, 8, 3];
  const size = shape.reduce((product, length) => product * length, 1);
  const root = random(11);
  // Zero-initialised layers would hide most gradients.
  const fresh = denoiser.init(root.fork("init"));
  const params: Params = Object.fromEntries(
    Object.entries(fresh).map(([name, value]) => {
      const nudge = tf.tensor(root.fork(name).normals(value.size), value.shape);
      return [name, tf.add(value, tf.mul(nudge, 0.1))];
    }),
  );
  const objective = {
    schedule: cosine(),
    parameterization: parameterizations.create("eps"),
    weight: weights.create("simple"),
  };
  const columns = lossColumns([0.1, 0.5, 0.9], objective);
  const inputs = {
    x0: tf.tensor4d(root.fork("x0").normals(size), shape),
    eps: tf.tensor4d(root.fork("eps").normals(size), shape),
    ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, tf.tensor1d(values)])),
  } as unknown as LossInputs;

  const names = Object.keys(params);
  const { value, grads } = tf.valueAndGrads((...given) => {
    const record = Object.fromEntries(names.map((name, i) => [name, given[i]!]));
    return batchLoss({ denoiser, loss: losses.create("l2") }, record, inputs, { training: true }).loss;
  })(names.map((name) => params[name]!));

  const gradients: Record<string, number[]> = {};
  for (const [i, name] of names.entries()) gradients[name] = [...(await grads[i]!.data())];
  return { loss: (await value.data())[0]!, gradients };
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
const distance = (a: readonly number[], b: readonly number[]): number =>
  norm(a.map((value, i) => value - b[i]!));

/** How far the loss is off, in parts, and the names of the parameters whose gradients are not the reference's. */
export function compareSteps(
  step: Step,
  reference: Step,
): { readonly loss: number; readonly wrong: string[] } {
  // A bias of attention's keys has no gradient but rounding: it is held to the whole gradient's size.
  const rounding = 1e-6 * norm(Object.values(reference.gradients).map(norm));
  const wrong = Object.entries(reference.gradients).flatMap(([name, values]) =>
    distance(step.gradients[name]!, values) < 1e-3 * norm(values) + rounding ? [] : [name],
  );
  return { loss: Math.abs(step.loss / reference.loss - 1), wrong };
}
