import { fail, isDdpmError, type Params, random } from "@ddpm/core";
import type { TextModel, TextStates } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "../check.ts";
import { expectNoLeak } from "../leaks.ts";
import { declaredParameters } from "../parameter-checks.ts";

const where = "testing/text-model-suite";

/** Two rows of four ids, the last one of the first row padding. */
const ROWS = [
  [1, 2, 3, 0],
  [1, 3, 2, 2],
] as const;
const SEEN = [
  [1, 1, 1, 0],
  [1, 1, 1, 1],
] as const;

type Rows = readonly (readonly number[])[];

/**
 * What every {@link TextModel} of at least four tokens and positions promises, on the active TensorFlow.js backend, which must have
 * gradients. Use: `for (const { name, run } of textModelSuite(make)) test(name, run)`.
 *
 * @param make builds the model; called more than once to see that its parameters keep their names
 */
export function textModelSuite(make: () => TextModel): readonly Check[] {
  const model = make();
  return [...parameterChecks(make, model), ...stateChecks(model), ...conductChecks(model)];
}

function parameterChecks(make: () => TextModel, model: TextModel): readonly Check[] {
  const { specs } = model;
  return [
    ...declaredParameters(where, make),
    {
      name: "the states give every trainable parameter but a projection of the pooled one a finite gradient",
      run: () =>
        lend(model, (params) => {
          const learned = specs.filter(({ trainable }) => trainable).map(({ name }) => name);
          const gradients = tf.grads((...given: tf.Tensor[]) => {
            const now = { ...params, ...Object.fromEntries(learned.map((name, i) => [name, given[i]!])) };
            const { last, pooled } = statesOf(model, now, ROWS, SEEN);
            return tf.add(
              tf.sum(tf.mul(last, weightsLike(last))),
              tf.sum(tf.mul(pooled, weightsLike(pooled))),
            );
          })(learned.map((name) => params[name]!));
          learned.forEach((name, i) => {
            const values = gradients[i]!.dataSync<"float32">();
            if (!values.every(Number.isFinite)) fail(where, `the gradient of "${name}" is not finite.`);
            if (values.every((value) => value === 0)) fail(where, `"${name}" has no gradient.`);
          });
        }),
    },
  ];
}

function stateChecks(model: TextModel): readonly Check[] {
  const { width, pooledWidth } = model;
  return [
    {
      name: "states and the pooled state have the widths that the model states",
      run: () =>
        lend(model, (params) => {
          const { hidden, last, pooled } = statesOf(model, params, ROWS, SEEN);
          for (const state of [...hidden, last])
            if (state.shape.join() !== [2, 4, width].join())
              fail(where, `a state of shape [${state.shape}].`);
          if (pooled.shape.join() !== [2, pooledWidth].join())
            fail(where, `pooled of shape [${pooled.shape}].`);
        }),
    },
    {
      name: "the last state is the norm of the last hidden one",
      run: () =>
        lend(model, (params) => {
          const { hidden, last } = statesOf(model, params, ROWS, SEEN);
          expectSame("the norm", model.normed(params, hidden.at(-1)!), last);
        }),
    },
    {
      name: "what is padding changes no state that is seen, nor the pooled one",
      run: () =>
        lend(model, (params) => {
          const [one, other] = [ROWS, [[1, 2, 3, 1], ROWS[1]]].map((rows) =>
            statesOf(model, params, rows, SEEN),
          ) as [TextStates, TextStates];
          const seen = ({ last }: TextStates): tf.Tensor => tf.slice(last, [0, 0, 0], [1, 3, width]);
          expectSame("seen states", seen(one), seen(other));
          expectSame("the pooled state", one.pooled, other.pooled);
        }),
    },
  ];
}

function conductChecks(model: TextModel): readonly Check[] {
  return [
    {
      name: "texts of a batch do not see each other, and other ids give other states",
      run: () =>
        lend(model, (params) => {
          const both = statesOf(model, params, ROWS, SEEN).last;
          const [first, second] = tf.split(both, 2) as [tf.Tensor, tf.Tensor];
          expectSame("a text alone", statesOf(model, params, [ROWS[1]], [SEEN[1]]).last, second);
          if (offBy(first, second) === 0) fail(where, "two texts have the same states.");
        }),
    },
    {
      name: "rows that are too long are refused with a DdpmError",
      run: () =>
        lend(model, (params) => {
          const long = new Array<number>(model.length + 1).fill(1);
          try {
            statesOf(model, params, [long]);
          } catch (error) {
            if (isDdpmError(error)) return;
            throw error;
          }
          fail(where, `a row of ${long.length} ids is read, and the model has ${model.length} positions.`);
        }),
    },
    {
      name: "no tensor is left behind",
      run: () =>
        expectNoLeak(model.name, () => lend(model, (params) => void statesOf(model, params, ROWS, SEEN))),
    },
  ];
}

/** Lends first weights, within a tidy. */
function lend(model: TextModel, use: (params: Params) => void): void {
  tf.tidy(() => use(model.init(random(5))));
}

function statesOf(model: TextModel, params: Params, rows: Rows, seen?: Rows): TextStates {
  const tensor = (values: Rows): tf.Tensor2D =>
    tf.tensor2d(
      values.map((row) => [...row]),
      undefined,
      "int32",
    );
  return model.apply(params, tensor(rows), seen && tensor(seen));
}

/** Fixed numbers, so that a gradient is not lost by symmetry. */
function weightsLike({ shape, size }: tf.Tensor): tf.Tensor {
  return tf.tensor(random(9).normals(size), shape);
}

function offBy(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

function expectSame(what: string, a: tf.Tensor, b: tf.Tensor): void {
  const difference = offBy(a, b);
  if (!(difference < 1e-5)) fail(where, `${what}: off by ${difference}.`);
}
