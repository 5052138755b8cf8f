import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { DdpmError, isDdpmError, type Plugin, plugin, registry } from "../src/index.ts";

interface Shape {
  readonly area: number;
}

const square: Plugin<{ side?: number | undefined }, Shape> = plugin({
  name: "square",
  about: "Four equal sides.",
  source: "Euclid, book 1, proposition 46",
  options: { side: z.number().positive().default(2).describe("length of a side") },
  create: ({ side }) => ({ area: side ** 2 }),
});
const circle: Plugin<{ radius: number }, Shape> = plugin({
  name: "circle",
  about: "All points at one distance.",
  source: "Euclid, book 1, definition 15",
  options: { radius: z.number().positive().describe("distance from the centre") },
  create: ({ radius }) => ({ area: Math.PI * radius ** 2 }),
});
const shapes = registry<Shape>("test/shapes", "shape", [square, circle]);

const thrown = (run: () => unknown): DdpmError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DdpmError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("a plugin is a factory that fills in defaults and knows its name, source and options", () => {
  expect(square().area).toBe(4);
  expect(square({ side: 3 }).area).toBe(9);
  expect(square.name).toBe("square");
  expect(square.source).toContain("Euclid");
  expect(square.schema.json().properties?.side?.description).toBe("length of a side");
  expectTypeOf(square).parameter(0).toEqualTypeOf<{ side?: number | undefined } | undefined>();
});

test("an unknown option is refused with the known ones and the nearest", () => {
  const error = thrown(() => square({ sid: 3 } as never));
  expect(error.message).toBe(
    '[plugin/square] unknown option "sid": expected one of side. Did you mean "side"?',
  );
  expect(error.where).toBe("plugin/square");
  expect(error.hint).toBe('Did you mean "side"?');
});

test("a value out of range, a wrong type and a missing option are refused by name", () => {
  expect(thrown(() => square({ side: -1 })).message).toContain('[plugin/square] option "side":');
  expect(thrown(() => square({ side: "2" as never })).message).toContain('option "side":');
  expect(thrown(() => circle()).message).toContain('[plugin/circle] option "radius" is missing: ');
  expect(thrown(() => circle({ radius: Number.NaN })).message).toContain('option "radius":');
});

test("a plugin without options names none", () => {
  const point = plugin({ name: "point", about: "No part.", source: "Euclid", options: {}, create: () => 0 });
  expect(thrown(() => point({ size: 1 } as never)).message).toContain("it takes no options");
});

test("a registry makes products from a name, or a name and options", () => {
  expect(shapes.names).toEqual(["square", "circle"]);
  expect(shapes.create("square").area).toBe(4);
  expect(shapes.create({ name: "circle", radius: 1 }).area).toBeCloseTo(Math.PI, 15);
});

test("an unknown name is refused with the nearest, or without when nothing is near", () => {
  expect(thrown(() => shapes.create("sqare")).message).toBe(
    '[test/shapes] unknown shape "sqare": expected one of square, circle. Did you mean "square"?',
  );
  expect(thrown(() => shapes.get("dodecahedron")).hint).toBeUndefined();
  expect(thrown(() => shapes.create("toString")).message).toContain("unknown shape");
  expect(thrown(() => shapes.create({ name: "square", radius: 1 })).message).toContain("unknown option");
});

test("with() adds or replaces in a new registry and leaves the old one alone", () => {
  const unit: Plugin<Record<never, never>, Shape> = plugin({
    name: "square",
    about: "Side 1.",
    source: "here",
    options: {},
    create: () => ({ area: 1 }),
  });
  const more = shapes.with(unit);
  expect(more.create("square").area).toBe(1);
  expect(more.names).toEqual(["square", "circle"]);
  expect(more.plugins).toHaveLength(2);
  expect(shapes.create("square").area).toBe(4);
});

test("errors of another copy of the package are recognised by their shape", () => {
  const copy = Object.assign(new Error("x"), { name: "DdpmError", where: "elsewhere" });
  expect(isDdpmError(copy)).toBe(true);
  expect(isDdpmError(new Error("x"))).toBe(false);
  expect(isDdpmError({ name: "DdpmError", where: "x" })).toBe(false);
});
