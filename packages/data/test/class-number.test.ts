import { describe, expect, it } from "vitest";
import { classesInWords, classNumber, classNumbers, namedClass } from "../src/authoring.ts";

const animals = ["goldfish, Carassius auratus", "crane, bird", "crane, machine", "dog"];

describe("the class that a name or number means", () => {
  it.each<[string, string | number, readonly string[], number | undefined, readonly number[]]>([
    ["is the one of that name", "dog", animals, undefined, [3]],
    ["is the one of that full name", "crane, machine", animals, undefined, [2]],
    ["is the one that has it among its names", "goldfish", animals, undefined, [0]],
    ["is ambiguous where two have the name", "crane", animals, undefined, [1, 2]],
    ["is the label where classes have other names", 3, animals, undefined, [3]],
    ["is none for a label beyond them", 4, animals, undefined, []],
    ["is the label of a class without a name", 4, animals, 6, [4]],
    ["is the class called by that number", "2", ["0", "1", "2", "10"], undefined, [2]],
    ["is the class of that value", 2, ["01", "02", "10"], undefined, [1]],
    ["is never another class than the one called so", 2, ["01", "03", "10"], undefined, []],
    ["is not a label where classes are called by other numbers", 3, ["01", "02", "10"], 8, []],
    ["is a label beyond names that are the labels", 7, ["0", "1", "2"], 8, [7]],
    ["is the name before the label", "0", ["cat", "0"], undefined, [1]],
    ["is the label where there are no names", "4", [], 6, [4]],
    ["is none for a name where there are no names", "dog", [], 6, []],
    ["is none for half a class", 0.5, animals, undefined, []],
    ["is none for a number below 0", "-1", animals, undefined, []],
  ])("%s", (_, wanted, classes, count, labels) => {
    expect(classNumbers(wanted, classes, count)).toEqual(labels);
  });

  it.each<[string, string, readonly string[], number | undefined, RegExp]>([
    [
      "the nearest name",
      "dgo",
      animals,
      undefined,
      /^has no class "dgo", .*; dog, or a number from 0 to 3 Did you mean "dog"\?$/,
    ],
    [
      "names alone where they are the labels",
      "3",
      ["0", "1"],
      undefined,
      /^has no class "3", expected one of 0; 1 $/,
    ],
    [
      "no labels where numbers are names",
      "3",
      ["01", "02"],
      undefined,
      /^has no class "3", expected one of 01; 02 $/,
    ],
    [
      "the numbers where there are no names",
      "dog",
      [],
      6,
      /\(its classes have no names\), expected a number from 0 to 5 $/,
    ],
    [
      "the numbers of an ambiguous name",
      "crane",
      animals,
      undefined,
      /^has 2 classes called crane Ask for one by number: 1, 2\.$/,
    ],
  ])("is refused with %s", (_, wanted, classes, count, message) => {
    const refuse = (what: string, hint = ""): never => {
      throw new Error(`${what} ${hint}`);
    };
    const known = count === undefined ? { classes } : { classes, count };
    expect(() => classNumber(wanted, known, refuse)).toThrow(message);
  });
});

describe("a class in words", () => {
  it("has its number, and its name where it has one", () => {
    expect(namedClass(3, animals)).toEqual({ number: 3, name: "dog" });
    expect(namedClass(4, animals)).toEqual({ number: 4 });
    expect(classesInWords([{ number: 3, name: "dog" }])).toBe("class 3 (dog)");
    expect(classesInWords([{ number: 3, name: "dog" }, { number: 4 }])).toBe("classes 3 (dog), 4");
  });

  it("is followed by at most eleven more", () => {
    const many = Array.from({ length: 40 }, (_, number) => ({ number }));
    expect(classesInWords(many)).toBe("classes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …");
  });
});
