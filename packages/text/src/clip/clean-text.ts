import { decodeHTML } from "entities";
import { LATIN_LIGATURES } from "./latin-ligatures.ts";

/**
 * Text as huggingface/transformers' CLIPTokenizer has it: NFC, one space for white space, every character on its own in
 * lower case, so that Σ is σ at the end of a word, too.
 */
export function transformersText(text: string): string {
  const composed = text.normalize("NFC").replace(/\p{White_Space}+/gu, " ");
  return Array.from(composed, (character) => character.toLowerCase()).join("");
}

/**
 * Text as openai/CLIP's `basic_clean` and `whitespace_clean` leave it: HTML entities decoded twice, straight quotes, ligatures and
 * full-width characters replaced, no control characters, NFC, one space for white space, lower case.
 *
 * CLIP calls the library ftfy, which also repairs text that was decoded with a wrong encoding ("Ã©" for "é"): that is left as it is.
 */
export function openaiText(text: string): string {
  const plain = fixed(text);
  return decodeHTML(decodeHTML(plain))
    .replace(/\p{White_Space}+/gu, " ")
    .trim()
    .toLowerCase();
}

/** What ftfy's `fix_text` changes in text that was decoded as it should be. Source: ftfy 6, chardata.py and fixes.py. */
function fixed(text: string): string {
  const decoded = text.includes("<") ? text : decodeHTML(text);
  return withoutTerminalCommands(decoded)
    .replace(/[Ĳĳŉ\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/g, (letter) => LATIN_LIGATURES[letter] ?? letter)
    .replace(/[\uff01-\uffef]/g, (wide) => wide.normalize("NFKC"))
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/\p{Cc}/gu, (control) => (KEPT.includes(control) ? control : ""))
    .replace(/[\u206a-\u206f\ufeff\ufff9-\ufffc]/g, "")
    .normalize("NFC");
}

/** Control characters that are white space. */
const KEPT = "\t\n\f\r\u0085";

/** Without the colours and cursor movements of a terminal, which begin with an escape. */
function withoutTerminalCommands(text: string): string {
  const [first, ...others] = text.split("\u001b");
  return [first, ...others.map((part) => part.replace(/^\[[\d;]*[a-zA-Z]/, ""))].join("");
}
