/** A piece of a formula and where it stands. */
export interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

const PIECE = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(\p{L}[\p{L}\d]*)|([-+*/^(),]))/uy;

/** @throws with the place of the first character that belongs to no formula */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.trimEnd().length) {
    const at = PIECE.lastIndex;
    const match = PIECE.exec(text);
    if (!match) throw new Error(`“${text.slice(at).trim()[0]}” has no meaning in a formula.`);
    const [, number, name, sign] = match;
    const kind = number !== undefined ? "number" : name !== undefined ? "name" : "sign";
    tokens.push({ kind, text: (number ?? name ?? sign)!, at });
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}
