import type { Mode } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";

/**
 * Names of the tidy scopes around what the backward pass runs again: always, or where the mode asks for it.
 * `describe` finds by them what is not kept.
 */
export const RECOMPUTED = { always: "recomputed", asked: "block" } as const;

type Save = (tensors: tf.Tensor[]) => void;

/**
 * f(tensors) without its intermediate results: for the gradient, f is run again (Chen et al. 2016, "Training deep
 * nets with sublinear memory cost"). The same gradients; the same bits where the backend is deterministic.
 *
 * @param tensors all float32 tensors that need a gradient; others may be captured
 * @param f       pure; uses the tensors that it receives
 */
export function recomputed<T extends tf.Tensor>(
  tensors: readonly tf.Tensor[],
  f: (tensors: readonly tf.Tensor[]) => T,
): T {
  return withoutTape(tensors, (given, save) => {
    save(given);
    return { value: tf.tidy(RECOMPUTED.always, () => f(given)), again: f };
  });
}

/**
 * f([portion of x, ...shared]) for portions of x along an axis, joined along it again: at most one portion's intermediate
 * results exist at a time, in both directions. Gradients are those of f on all of x, the ones of `shared` up to rounding.
 *
 * @param sizes of the portions
 * @param f     treats rows along the axis one by one
 */
export function recomputedInPortions<T extends tf.Tensor>(
  x: T,
  shared: readonly tf.Tensor[],
  sizes: readonly number[],
  axis: number,
  f: (tensors: readonly tf.Tensor[]) => T,
): T {
  return tf.customGrad((...all) => {
    const save = all.pop() as unknown as Save;
    const [x, ...shared] = all as tf.Tensor[];
    save([x!, ...shared]);
    const portions = tf.split(x!, [...sizes], axis);
    const results = portions.map((portion) => tf.tidy(RECOMPUTED.always, () => f([portion, ...shared])));
    return {
      value: tf.concat(results, axis),
      gradFunc(dy: tf.Tensor, [x, ...shared]: tf.Tensor[]) {
        const dys = tf.split(dy, [...sizes], axis);
        const ofX: tf.Tensor[] = [];
        let sums: tf.Tensor[] | undefined;
        for (const [i, portion] of tf.split(x!, [...sizes], axis).entries()) {
          const inputs = [portion, ...shared];
          const [dx, ...found] = gradients(() => f(inputs), inputs, dys[i]!);
          ofX.push(dx!);
          const before = sums;
          sums = before ? found.map((gradient, k) => tf.add(before[k]!, gradient)) : found;
          if (before) tf.dispose([before, found]);
        }
        return [tf.concat(ofX, axis), ...sums!];
      },
    };
  })(x, ...shared) as T;
}

/** A part of a network: everything that needs a gradient besides the weights comes in by the list. */
export type Part = (run: Run, tensors: readonly tf.Tensor[]) => tf.Tensor4D;

/**
 * Makes a part of a network whose intermediate results are not kept in training where `mode.recompute` is set.
 * Dropout sees the same numbers again, and running statistics are updated once. Without it, gradients are summed up
 * in the same order, so that the bits are the same with and without.
 *
 * @param root any scope of the network
 * @param make declares the part's parameters
 */
export function recomputable(root: Scope, make: () => Part): Part {
  const before = root.declared.length;
  const part = make();
  const names = root.declared.slice(before).flatMap(({ name, trainable }) => (trainable ? [name] : []));
  return (run, tensors) => {
    const { mode, params } = run;
    const weights = names.flatMap((name) => params[name] ?? []);
    if (!mode.training || !mode.recompute || weights.length < names.length) {
      return tf.tidy(RECOMPUTED.asked, () =>
        part(
          run,
          tensors.map((tensor) => tf.clone(tensor)),
        ),
      );
    }
    const count = tensors.length;
    const apply = (given: readonly tf.Tensor[], mode: Mode): tf.Tensor4D => {
      const own = names.map((name, i) => [name, given[count + i]!] as const);
      return part({ params: { ...params, ...Object.fromEntries(own) }, mode }, given.slice(0, count));
    };
    return withoutTape([...tensors, ...weights], (given, save) => {
      const drawn: string[] = [];
      const value = tf.tidy(RECOMPUTED.asked, () => {
        const masks: tf.Tensor[] = [];
        const y = apply(given, listening(mode, drawn, masks));
        save([...given, ...masks]);
        return y;
      });
      return { value, again: (saved) => apply(saved, repeating(mode, drawn, saved.slice(given.length))) };
    });
  };
}

/** The mode, with the random numbers that it hands out noted down. */
function listening(mode: Mode, names: string[], masks: tf.Tensor[]): Mode {
  const { uniform } = mode;
  if (!uniform) return mode;
  return {
    ...mode,
    uniform(name, shape) {
      const mask = uniform(name, shape);
      names.push(name);
      masks.push(mask);
      return mask;
    },
  };
}

/** The mode of the second time: the same random numbers, no news of statistics. */
function repeating({ training, uniform }: Mode, names: readonly string[], masks: readonly tf.Tensor[]): Mode {
  return { training, ...(uniform ? { uniform: (name: string) => masks[names.indexOf(name)]! } : {}) };
}

interface Forward<T> {
  readonly value: T;
  /** Makes the value again from what was saved, the inputs first. */
  again(saved: readonly tf.Tensor[]): T;
}

function withoutTape<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (given: tf.Tensor[], save: Save) => Forward<T>,
): T {
  return tf.customGrad((...all) => {
    const save = all.pop() as unknown as Save;
    const { value, again } = forward(all as tf.Tensor[], save);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        gradients(() => again(saved), saved.slice(0, inputs.length), dy),
    };
  })(...inputs) as T;
}

/** Gradients in the middle of a backward pass, whose own tape TensorFlow.js would drop. */
function gradients(f: () => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const { state } = tf.engine();
  const { activeTape } = state;
  try {
    return tf.tidy(() => {
      const { grads } = tf.engine().gradients(f, inputs, dy, true);
      return inputs.map((input, i) => grads[i] ?? tf.zerosLike(input));
    });
  } finally {
    state.activeTape = activeTape;
  }
}
