/** Why a backend did not start, in a few words: without the place and the hint of the error, and without its end. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line] = message.split("\n") as [string];
  const { hint } = Object(error) as { readonly hint?: string };
  const plain = line.replace(/^\[[^\]]*\] /, "");
  const reason = hint && plain.endsWith(hint) ? plain.slice(0, -hint.length) : plain;
  return reason.trim().replace(/\.$/, "");
}
