import { constants, functions } from "./functions.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** A formula as a function of its variables. */
export type Formula = (variables: Readonly<Record<string, number>>) => number;

/**
 * Reads a formula: numbers, variables, + − * / ^, brackets and the functions of `functions.ts`. It is interpreted, never run
 * as code.
 *
 * @param variables names that may occur
 * @throws with what is wrong and where
 */
export function parseFormula(text: string, variables: readonly string[]): Formula {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = (): Token => tokens[next]!;
  const accept = (...signs: readonly string[]): string | undefined => {
    const { kind, text: sign } = peek();
    if (kind !== "sign" || !signs.includes(sign)) return undefined;
    next++;
    return sign;
  };
  const expect = (sign: string): void => {
    if (!accept(sign)) throw new Error(`“${sign}” is missing ${place(peek())}.`);
  };

  const sum = (): Formula => {
    let left = product();
    for (let sign = accept("+", "-"); sign; sign = accept("+", "-")) {
      const [a, b] = [left, product()];
      left = sign === "+" ? (v) => a(v) + b(v) : (v) => a(v) - b(v);
    }
    return left;
  };
  const product = (): Formula => {
    let left = signed();
    for (let sign = accept("*", "/"); sign; sign = accept("*", "/")) {
      const [a, b] = [left, signed()];
      left = sign === "*" ? (v) => a(v) * b(v) : (v) => a(v) / b(v);
    }
    return left;
  };
  const signed = (): Formula => {
    if (accept("+")) return signed();
    if (!accept("-")) return power();
    const inner = signed();
    return (v) => -inner(v);
  };
  const power = (): Formula => {
    const base = atom();
    if (!accept("^")) return base;
    const exponent = signed();
    return (v) => base(v) ** exponent(v);
  };
  const atom = (): Formula => {
    const token = peek();
    next++;
    if (token.kind === "number") {
      const value = Number(token.text);
      return () => value;
    }
    if (token.kind === "name") return named(token);
    if (token.text !== "(") throw new Error(`A number or a name is missing ${place(token)}.`);
    const inner = sum();
    expect(")");
    return inner;
  };
  const named = ({ text: name }: Token): Formula => {
    if (Object.hasOwn(functions, name)) return called(name);
    if (variables.includes(name)) return (v) => v[name]!;
    if (!Object.hasOwn(constants, name)) {
      const known = [...variables, ...Object.keys(constants), ...Object.keys(functions)].join(", ");
      throw new Error(`“${name}” is not known: there are ${known}.`);
    }
    const value = constants[name]!;
    return () => value;
  };
  const called = (name: string): Formula => {
    const { takes, apply } = functions[name]!;
    expect("(");
    const given = [sum()];
    while (accept(",")) given.push(sum());
    expect(")");
    if (given.length !== takes) throw new Error(`${name} takes ${takes} numbers, not ${given.length}.`);
    return (v) => apply(...given.map((one) => one(v)));
  };

  const formula = sum();
  if (peek().kind !== "end") throw new Error(`“${peek().text}” is not expected ${place(peek())}.`);
  return formula;
}

function place({ kind, at }: Token): string {
  return kind === "end" ? "at the end" : `at character ${at + 1}`;
}
