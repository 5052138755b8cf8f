/** Kinds whose fixture was called. */
export const used: Set<string> = new Set();

/** The same function, which records its first call. */
export function recorded<Input extends readonly unknown[], Output>(
  kind: string,
  f: (...input: Input) => Output,
): (...input: Input) => Output {
  return (...input) => {
    used.add(kind);
    return f(...input);
  };
}
