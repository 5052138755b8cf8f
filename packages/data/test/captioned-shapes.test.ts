import { type DatasetImage, isDdpmError, random } from "@ddpm/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawCaption, shownAttributes } from "../src/authoring.ts";
import { captionedShapes, embeddedSets } from "../src/index.ts";
import { captionOf, readCaption } from "../src/scenes/caption.ts";

const set = captionedShapes({ count: 1000, seed: 7 });
const at = (index: number): DatasetImage => set.image(index) as DatasetImage;
const wordsOf = (attributes: ReturnType<typeof shownAttributes>): string[] =>
  attributes.filter(({ shown }) => !shown).map(({ kind, expected }) => `${kind} ${expected}`);

describe("captioned shapes", () => {
  it.each([32, 64])("show all that their captions say, by the detector, at %i pixels", (size) => {
    const images = captionedShapes({ size, seed: 1 });
    const wrong = Array.from({ length: 200 }, (_, index) => {
      const { pixels, caption } = images.image(index) as DatasetImage;
      return wordsOf(shownAttributes(caption!, pixels, size)).map((what) => `${index}: ${caption}: ${what}`);
    });
    expect(wrong.flat()).toEqual([]);
  });

  it("are a function of seed and number, and use the whole grammar", () => {
    expect(at(5)).toEqual(captionedShapes({ count: 1000, seed: 7 }).image(5));
    expect(at(5).pixels).not.toEqual(
      (captionedShapes({ count: 1000, seed: 8 }).image(5) as DatasetImage).pixels,
    );
    const words = new Set(Array.from({ length: 300 }, (_, index) => at(index).caption!.split(" ")).flat());
    for (const word of [
      "two",
      "three",
      "above",
      "below",
      "left",
      "right",
      "large",
      "small",
      "crosses",
      "rings",
    ])
      expect(words).toContain(word);
  });

  it("show no colour and shape together that are left out", () => {
    const images = captionedShapes({ without: ["red star", "blue ring"] });
    const captions = Array.from(
      { length: 500 },
      (_, index) => (images.image(index) as DatasetImage).caption!,
    );
    expect(captions.filter((caption) => /red star|blue ring/.test(caption))).toEqual([]);
    expect(captions.some((caption) => /red ring/.test(caption))).toBe(true);
    expect(() => captionedShapes({ without: ["red dog"] })).toThrow(/a colour and a shape/);
    expect(embeddedSets.names).toContain("captioned-shapes");
  });
});

describe("a caption", () => {
  it("is read as the scene it was written from", () => {
    for (let index = 0; index < 300; index++) {
      const { caption } = at(index);
      expect(captionOf(readCaption(caption!))).toBe(caption);
    }
    expect(captionOf(readCaption("  Two SMALL red\ncrosses "))).toBe("two small red crosses");
  });

  it.each([
    "",
    "a red circle",
    "two small red star",
    "a small red stars",
    "three small red crosss",
    "a small red star above two small red stars",
    "a small red star above",
    "a small constructor star",
    "a small red star above a small red star above a small red star",
  ])("outside the grammar is refused: %j", (caption) => {
    expect(() => readCaption(caption)).toThrow(/data\/caption.*expected one such as/);
  });

  it("of any text is read or refused by a DdpmError", () => {
    const word = fc.constantFrom(
      "a",
      "two",
      "small",
      "large",
      "red",
      "star",
      "stars",
      "above",
      "to the left of",
      "__proto__",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 10 }).map((all) => all.join(" ")),
        ),
        (text) => {
          try {
            expect(readCaption(captionOf(readCaption(text)))).toEqual(readCaption(text));
          } catch (error) {
            if (!isDdpmError(error)) throw error;
          }
        },
      ),
    );
  });
});

describe("the detector", () => {
  const image = (caption: string): Uint8ClampedArray => drawCaption(caption, random(3), 32);

  it.each([
    ["a large red circle", "a large blue circle", ["colour blue"]],
    ["a large red circle", "a large red ring", ["shape ring"]],
    ["a large red circle", "a small red circle", ["size small"]],
    ["a large red circle", "two large red circles", ["number 2"]],
    ["a small red star above a large blue ring", "a small red star below a large blue ring", ["place below"]],
    [
      "a small red star above a large blue ring",
      "a small blue star above a large red ring",
      ["colour blue", "colour red"],
    ],
  ])("finds what a picture of %j lacks of %j", (shown, asked, missing) => {
    expect(wordsOf(shownAttributes(asked, image(shown), 32))).toEqual(missing);
  });

  it("finds nothing in an empty image, nor in noise", () => {
    const caption = "a small red star above a large blue ring";
    expect(wordsOf(shownAttributes(caption, new Uint8ClampedArray(32 * 32 * 3).fill(240), 32))).toHaveLength(
      8,
    );
    const noise = Uint8ClampedArray.from(random(0).normals(32 * 32 * 3), (value) => 128 + 60 * value);
    expect(wordsOf(shownAttributes(caption, noise, 32)).length).toBeGreaterThan(4);
  });

  it("is not misled by levels of noise that samples have", () => {
    const { normal } = random(11);
    let missing = 0;
    let all = 0;
    for (let index = 0; index < 100; index++) {
      const { pixels, caption } = at(index);
      const noised = Uint8ClampedArray.from(pixels, (value) => value + 6 * normal());
      const attributes = shownAttributes(caption!, noised, 32);
      missing += wordsOf(attributes).length;
      all += attributes.length;
    }
    expect(missing / all).toBeLessThan(0.005);
  });
});
