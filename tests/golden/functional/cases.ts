import * as tf from "@tensorflow/tfjs-core";
import { type Declared, memberOf } from "../declared.ts";
import { type Case, membersBut, slowCaseOf, unsupported } from "../result.ts";
import { scaledError } from "../scaled-error.ts";
import { attention } from "./attention.ts";
import { convolutions } from "./convolutions.ts";
import { norms } from "./norms.ts";
import { ANY, type Functional, type Operation, type Ours, type Stored } from "./operation.ts";
import { pointwise } from "./pointwise.ts";
import { shapes } from "./shapes.ts";

/** Operations of PyTorch that our layers and losses have. */
const operations: Readonly<Record<string, Operation>> = {
  ...attention,
  ...convolutions,
  ...norms,
  ...pointwise,
  ...shapes,
};

/** Arguments that are remarks. */
const remarks = new Set(["note", "reference", "weight_layout", "layout", "extra_outputs"]);

/** Output, gradients and extra outputs of one operation, to float32. */
export async function functionalCase(golden: Functional, i: number): Promise<Case> {
  const extras = Object.keys(golden).filter((name) => name.startsWith("extra_output_"));
  const done = await slowCaseOf(`functional/${i} ${golden.op}`, () =>
    errorIn(golden, oursOf(golden), extras),
  );
  const known = ["id", "op", "reference", "note", "args", "inputs", "output", "cotangent", "grads"];
  return { ...done, uncompared: membersBut(golden, known, extras) };
}

function oursOf({ op, args = {}, inputs }: Functional): Ours {
  const operation = memberOf(operations, op) ?? unsupported(`no layer is declared as ${op}`);
  checkArgs(args, operation.args ?? {});
  return operation.run(args, inputs);
}

function checkArgs(given: Declared, known: Declared): void {
  for (const [name, value] of Object.entries(given)) {
    if (remarks.has(name)) continue;
    if (!Object.hasOwn(known, name)) unsupported(`the argument ${name} has no counterpart`);
    if (known[name] !== ANY && known[name] !== value)
      unsupported(`${name} ${JSON.stringify(value)} has no counterpart`);
  }
}

const numbersOf = (stored: Stored | number): readonly number[] =>
  typeof stored === "number" ? [stored] : stored.data;

function tensorOf(stored: Stored | number, dtype: "float32" | "int32" = "float32"): tf.Tensor {
  return typeof stored === "number"
    ? tf.scalar(stored)
    : tf.tensor([...stored.data], [...stored.shape], dtype);
}

async function errorIn(golden: Functional, ours: Ours, extras: readonly string[]): Promise<number> {
  const names = Object.keys(golden.grads);
  const fixed = Object.keys(golden.inputs).filter((name) => !names.includes(name));
  const left: tf.Tensor[] = [];
  const found = tf.tidy(() => {
    const kept = Object.fromEntries(fixed.map((name) => [name, tensorOf(golden.inputs[name]!, "int32")]));
    const run = (...given: tf.Tensor[]): tf.Tensor =>
      ours({ ...kept, ...Object.fromEntries(names.map((name, i) => [name, given[i]!])) }, (extra) => {
        left.push(tf.keep(tf.clone(extra)));
      });
    const result = tf.valueAndGrads(run)(
      names.map((name) => tensorOf(golden.inputs[name]!)),
      tensorOf(golden.cotangent),
    );
    return { output: result.value, grads: result.grads };
  });
  const errors = [scaledError(await found.output.data(), numbersOf(golden.output), 4e-6)];
  for (const [i, name] of names.entries()) {
    const wanted = golden.grads[name]!.data;
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    errors.push(scaledError(await found.grads[i]!.data(), wanted, 4e-6, largest));
  }
  for (const [i, name] of extras.entries()) {
    const extra = left[i] ?? unsupported(`nothing is left as ${name}`);
    errors.push(scaledError(await extra.data(), numbersOf(golden[name] as Stored), 4e-6));
  }
  tf.dispose([found.output, found.grads, left]);
  return Math.max(...errors);
}
