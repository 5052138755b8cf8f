import { stripVTControlCharacters } from "node:util";
import { Help } from "commander";

/** Columns that a terminal has at least, and a bug report shows without scrolling. */
const WIDTH = 80;

/** A label and its text, wrapped between words at 80 columns under the start of the text. */
export function labelled(label: string, text: string): string {
  const { length } = stripVTControlCharacters(label);
  return label + new Help().boxWrap(text, WIDTH - length).replaceAll("\n", `\n${" ".repeat(length)}`);
}
