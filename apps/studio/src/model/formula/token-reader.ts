import { type Token, tokensOf } from "./tokens.ts";

/** The tokens of a formula, one after the other. */
export interface TokenReader {
  /** The next token, which is consumed. */
  next(): Token;
  /** The next token if it is one of these signs; else nothing is consumed. */
  accept(...signs: readonly string[]): string | undefined;
  /** @throws where the next token is not this sign */
  expect(sign: string): void;
  /** @throws where a token is left */
  end(): void;
  /** @throws with what is wrong and where */
  refuse(what: string, token: Token): never;
}

/** @throws with the place of the first character that belongs to no formula */
export function tokenReader(text: string): TokenReader {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token => tokens[at]!;
  const refuse = (what: string, token: Token): never => {
    throw new Error(`${what} ${place(token)}.`);
  };
  const accept = (...signs: readonly string[]): string | undefined => {
    const { kind, text: sign } = peek();
    if (kind !== "sign" || !signs.includes(sign)) return undefined;
    at++;
    return sign;
  };
  return {
    next: () => tokens[at++]!,
    accept,
    expect: (sign) => {
      if (!accept(sign)) refuse(`“${sign}” is missing`, peek());
    },
    end: () => {
      if (peek().kind !== "end") refuse(`“${peek().text}” is not expected`, peek());
    },
    refuse,
  };
}

function place({ kind, at }: Token): string {
  return kind === "end" ? "at the end" : `at character ${at + 1}`;
}
