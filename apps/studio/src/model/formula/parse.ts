import { constants, functions } from "./functions.ts";
import { type TokenReader, tokenReader } from "./token-reader.ts";

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
  const reader = tokenReader(text);
  const formula = sum({ reader, variables });
  reader.end();
  return formula;
}

/** What is read, and the names that it may contain. */
interface Source {
  readonly reader: TokenReader;
  readonly variables: readonly string[];
}

function sum(source: Source): Formula {
  const { accept } = source.reader;
  let left = product(source);
  for (let sign = accept("+", "-"); sign; sign = accept("+", "-")) {
    const [a, b] = [left, product(source)];
    left = sign === "+" ? (v) => a(v) + b(v) : (v) => a(v) - b(v);
  }
  return left;
}

function product(source: Source): Formula {
  const { accept } = source.reader;
  let left = signed(source);
  for (let sign = accept("*", "/"); sign; sign = accept("*", "/")) {
    const [a, b] = [left, signed(source)];
    left = sign === "*" ? (v) => a(v) * b(v) : (v) => a(v) / b(v);
  }
  return left;
}

function signed(source: Source): Formula {
  const { accept } = source.reader;
  if (accept("+")) return signed(source);
  if (!accept("-")) return power(source);
  const inner = signed(source);
  return (v) => -inner(v);
}

function power(source: Source): Formula {
  const base = atom(source);
  if (!source.reader.accept("^")) return base;
  const exponent = signed(source);
  return (v) => base(v) ** exponent(v);
}

function atom(source: Source): Formula {
  const { reader } = source;
  const token = reader.next();
  if (token.kind === "number") {
    const value = Number(token.text);
    return () => value;
  }
  if (token.kind === "name") return named(source, token.text);
  if (token.text !== "(") return reader.refuse("A number or a name is missing", token);
  const inner = sum(source);
  reader.expect(")");
  return inner;
}

function named(source: Source, name: string): Formula {
  const { variables } = source;
  if (Object.hasOwn(functions, name)) return called(source, name);
  if (variables.includes(name)) return (v) => v[name]!;
  if (!Object.hasOwn(constants, name)) {
    const known = [...variables, ...Object.keys(constants), ...Object.keys(functions)].join(", ");
    throw new Error(`“${name}” is not known: there are ${known}.`);
  }
  const value = constants[name]!;
  return () => value;
}

function called(source: Source, name: string): Formula {
  const { reader } = source;
  const { takes, apply } = functions[name]!;
  reader.expect("(");
  const given = [sum(source)];
  while (reader.accept(",")) given.push(sum(source));
  reader.expect(")");
  if (given.length !== takes) throw new Error(`${name} takes ${takes} numbers, not ${given.length}.`);
  return (v) => apply(...given.map((one) => one(v)));
}
