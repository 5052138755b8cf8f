import { fingerprint } from "@ddpm/core/authoring";
import { escapeXml } from "../../files/escape-xml.ts";

/**
 * The SVG of a chart as a document for reading: without what only serves a mouse, with a name for screen readers,
 * and with ids that depend on nothing but the content, so that the same chart gives the same bytes and two charts
 * in one page do not share a clip path.
 *
 * @param svg  what the renderer returned; its ids and classes count up from chart to chart
 * @param name says what is shown
 */
export function tidySvg(svg: string, name: string): string {
  const plain = svg
    .replace(/<style\s*>.*?<\/style>\s*/gs, "")
    .replace(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="visible"|baseProfile="full")/g, "");
  const ids = [...new Set(plain.match(/(?<=id=")zr[\w-]+(?=")/g))];
  const neutral = ids.reduce((text, id, i) => text.replaceAll(id, `clip-${i}`), plain);
  const own = fingerprint(neutral);
  const label = escapeXml("viz/tidy-svg", name);
  return `${neutral
    .replace(/(?<=id="|url\(#)clip-/g, `clip-${own}-`)
    .replace(/^<svg /, `<svg role="img" aria-label="${label}" `)
    .trim()}\n`;
}
