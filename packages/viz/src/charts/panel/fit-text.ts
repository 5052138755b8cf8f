/** Wide for a letter of a sans-serif font, as a share of its size: text is cut early rather than too late. */
const LETTER = 0.6;

/** How wide a text is at most, in pixels, in a sans-serif font; nothing here can measure one. */
export function textWidth(text: string, fontSize: number): number {
  return [...text].length * LETTER * fontSize;
}

/** A text cut with "…" where it would be wider than `width` pixels. */
export function fitText(text: string, fontSize: number, width: number): string {
  const most = Math.max(1, Math.floor(width / (LETTER * fontSize)));
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}
