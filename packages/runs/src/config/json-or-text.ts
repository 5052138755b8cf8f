import { fail } from "@ddpm/core";

/**
 * JSON where it parses as JSON, else text.
 *
 * @throws DdpmError for a list or an object that is not JSON, as shells leave it that take quotes away
 */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/^\s*[[{]/.test(text)) return text;
    return fail(
      "runs/json-or-text",
      `${text} is not JSON.`,
      'Texts in it need their quotes: ["a"]. Windows PowerShell takes quotes away: write \\" for each.',
    );
  }
}
