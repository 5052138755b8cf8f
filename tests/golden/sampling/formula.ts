import * as tf from "@tensorflow/tfjs-core";
import { unsupported } from "../result.ts";

/** A number, or a tensor that is combined element by element. */
export type Value = number | tf.Tensor;

/** The value of a formula where its variables have these values. */
export type Formula = (variables: Readonly<Record<string, Value>>) => Value;

const functions: Readonly<
  Record<string, readonly [number: (x: number) => number, tensor: (x: tf.Tensor) => tf.Tensor]>
> = {
  sin: [Math.sin, tf.sin],
  cos: [Math.cos, tf.cos],
  tan: [Math.tan, tf.tan],
  tanh: [Math.tanh, tf.tanh],
  exp: [Math.exp, tf.exp],
  log: [Math.log, tf.log],
  ln: [Math.log, tf.log],
  sqrt: [Math.sqrt, tf.sqrt],
  abs: [Math.abs, tf.abs],
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), tf.sigmoid],
};

const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const binary = {
  "+": [(a: number, b: number) => a + b, tf.add],
  "-": [(a: number, b: number) => a - b, tf.sub],
  "*": [(a: number, b: number) => a * b, tf.mul],
  "/": [(a: number, b: number) => a / b, tf.div],
  "^": [(a: number, b: number) => a ** b, tf.pow],
} as const;

function apply(sign: keyof typeof binary, a: Value, b: Value): Value {
  const [numbers, tensors] = binary[sign];
  if (typeof a === "number" && typeof b === "number") return numbers(a, b);
  // A whole power is a product: pow is not defined for every base on every backend.
  if (sign === "^" && b === 2) return tf.square(a as tf.Tensor);
  return tensors(a, b);
}

/**
 * Reads a formula as golden files write them: numbers, names, `+ - * / ^`, brackets, the functions sin, cos, tan, tanh,
 * exp, log, sqrt, abs and sigmoid, `pi`, and products without a sign (`0.8 sin(2 x)`). `**` is `^`.
 *
 * @param names the variables that it may have; any other name makes the case unsupported
 */
export function formulaOf(text: string, names: readonly string[]): Formula {
  const tokens =
    text.replaceAll("**", "^").match(/\d+(?:\.\d+)?(?:e[-+]?\d+)?|\.\d+|[A-Za-z_]\w*|[-+*/^()]|\S/gi) ?? [];
  let at = 0;
  const refuse = (): never => unsupported(`the formula ${text} cannot be read`);
  const take = (token: string): boolean => tokens[at] === token && ++at > 0;
  const startsValue = () => at < tokens.length && /^[\w.(]/.test(tokens[at]!);

  function sum(): Formula {
    let left = product();
    for (let sign = tokens[at]; sign === "+" || sign === "-"; sign = tokens[at]) {
      at++;
      left = joined(sign, left, product());
    }
    return left;
  }
  function product(): Formula {
    let left = signed();
    for (;;) {
      const sign = take("*") ? "*" : take("/") ? "/" : startsValue() ? "*" : undefined;
      if (!sign) return left;
      left = joined(sign, left, signed());
    }
  }
  function signed(): Formula {
    if (take("-")) return joined("-", () => 0, signed());
    if (take("+")) return signed();
    return power();
  }
  function power(): Formula {
    const base = single();
    return take("^") ? joined("^", base, signed()) : base;
  }
  function single(): Formula {
    const token = tokens[at++];
    if (token === undefined) return refuse();
    if (token === "(") {
      const inner = sum();
      return take(")") ? inner : refuse();
    }
    if (/^[\d.]/.test(token)) return () => Number(token);
    if (names.includes(token)) return (variables) => variables[token] ?? refuse();
    if (Object.hasOwn(constants, token)) return () => constants[token]!;
    if (!Object.hasOwn(functions, token) || !take("(")) return refuse();
    const [numbers, tensors] = functions[token]!;
    const inner = sum();
    if (!take(")")) return refuse();
    return (variables) => {
      const value = inner(variables);
      return typeof value === "number" ? numbers(value) : tensors(value);
    };
  }

  const formula = sum();
  return at === tokens.length ? formula : refuse();
}

const joined =
  (sign: keyof typeof binary, left: Formula, right: Formula): Formula =>
  (variables) =>
    apply(sign, left(variables), right(variables));

/** A formula without the words around it: what follows a comma, and a remark in brackets at its end. */
export function withoutRemarks(text: string): string {
  return text
    .replace(/,.*$/, "")
    .replace(/\s+\([A-Za-z]+(?:\s+[\w-]+)+\)\s*$/, "")
    .trim();
}

/** A formula's value as a tensor like another: a constant counts for every element. */
export function tensorLike(value: Value, like: tf.Tensor): tf.Tensor {
  return typeof value === "number" ? tf.fill(like.shape, value) : value;
}
