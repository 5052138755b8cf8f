import type { ErrorPlace } from "@ddpm/core/authoring";
import { refuse } from "../refuse.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/**
 * Text for XML content and attributes.
 *
 * @param where the function that was called, named in the error
 * @throws if it has control characters, which XML cannot hold
 */
export function escapeXml(where: ErrorPlace, text: string): string {
  checkText(where, text);
  return escaped(text);
}

/** The same for text that was checked already. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/**
 * Refuses text that XML 1.0 cannot hold: control characters and halves of surrogate pairs.
 *
 * @param where the function that was called, named in the error
 */
export function checkText(where: ErrorPlace, text: string): void {
  if (/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text))
    refuse(where, `the text ${JSON.stringify(text)}`, "Leave out control characters and lone surrogates.");
}
