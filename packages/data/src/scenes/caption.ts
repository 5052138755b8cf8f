import { fail } from "@ddpm/core";
import {
  COLOURS,
  type Colour,
  isPair,
  PLACES,
  type Scene,
  SHAPES,
  type Shape,
  SIZES,
  type Size,
  type Thing,
} from "./scene.ts";

const NUMBERS: readonly string[] = ["a", "two", "three"];

const FORM = "a large red circle; two small blue stars; a small green ring above a large orange cross";

/** The caption of a scene: "three small red stars", "a large red circle above a small blue square". */
export function captionOf(scene: Scene): string {
  if (isPair(scene)) return `a ${inWords(scene.things[0])} ${scene.place} a ${inWords(scene.things[1])}`;
  const [first] = scene.things;
  const plural = scene.number === 1 ? "" : first.shape === "cross" ? "es" : "s";
  return `${NUMBERS[scene.number - 1]} ${inWords(first)}${plural}`;
}

/**
 * The scene that a caption describes; upper and lower case and white space do not matter.
 *
 * @throws DdpmError for a text that {@link captionOf} does not write
 */
export function readCaption(caption: string): Scene {
  const text = caption.trim().toLowerCase().replaceAll(/\s+/g, " ");
  const place = PLACES.find((one) => text.includes(` ${one} `));
  const [before, after, ...more] = place ? text.split(` ${place} `) : [text];
  const first = phraseOf(before!);
  const second = after === undefined ? undefined : phraseOf(after);
  const wrong =
    more.length > 0 ||
    !first ||
    (after !== undefined && (!second || first.number !== 1 || second.number !== 1));
  if (wrong)
    return fail("data/caption", `the caption ${JSON.stringify(caption)}, expected one such as: ${FORM}.`);
  if (second) return { number: 2, things: [first.thing, second.thing], place: place! };
  return { number: first.number, things: [first.thing] };
}

function inWords({ size, colour, shape }: Thing): string {
  return `${size} ${colour} ${shape}`;
}

/** "two small blue stars": how many of which thing; undefined for anything else. */
function phraseOf(text: string): { readonly number: 1 | 2 | 3; readonly thing: Thing } | undefined {
  const [count = "", size = "", colour = "", noun = "", ...more] = text.split(" ");
  const number = NUMBERS.indexOf(count) + 1;
  const shape = number === 1 ? noun : noun.replace(/(?<=cross)es$|(?<!cross)s$/, "");
  const known =
    more.length === 0 && number > 0 && Object.hasOwn(SIZES, size) && Object.hasOwn(COLOURS, colour);
  if (!known || !Object.hasOwn(SHAPES, shape) || (number > 1 && shape === noun)) return undefined;
  const thing = { size: size as Size, colour: colour as Colour, shape: shape as Shape };
  return { number: number as 1 | 2 | 3, thing };
}
