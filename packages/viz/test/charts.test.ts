import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curvesOfBetas, type LineChartOptions } from "../src/authoring.ts";
import { learningRateChart, lineChart, lineCharts, lossChart, scheduleChart } from "../src/charts/index.ts";

/** Parses the document as strict XML, draws it, and returns the texts in it. */
function read(svg: string): string[] {
  const drawn = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  expect(drawn.pixels.some((value) => value !== 255)).toBe(true);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
}

const images = Array.from({ length: 500 }, (_, i) => 64 * (i + 1));
const loss = images.map((n) => 0.03 + Math.exp(-n / 5000));
const linear = Array.from({ length: 1000 }, (_, i) => 1e-4 + ((0.02 - 1e-4) * i) / 999);
const plain: LineChartOptions = {
  x: { name: "steps" },
  y: { name: "FID" },
  series: [{ name: "ddim", x: [1, 2, 3], y: [9, 4, 1] }],
};

describe("lineChart", () => {
  test("is a document of the size asked for, with title, note and axis names", () => {
    const svg = lineChart({ ...plain, title: "By steps", note: "lower is better", width: 500, height: 300 });
    expect(read(svg)).toEqual(expect.arrayContaining(["By steps", "lower is better", "steps", "FID"]));
    expect(svg).toMatch(/^<svg role="img" aria-label="By steps" width="500" height="300" /);
  });

  test("names the curves in a legend as soon as there are two", () => {
    expect(read(lineChart(plain))).not.toContain("ddim");
    const two = [...plain.series, { name: "heun", x: [1, 2], y: [3, 2] }];
    expect(read(lineChart({ ...plain, series: two }))).toEqual(expect.arrayContaining(["ddim", "heun"]));
  });

  test("the same input gives the same bytes, whatever was drawn before", () => {
    const first = lineChart(plain);
    scheduleChart([curvesOfBetas("linear", linear)]);
    expect(lineChart(plain)).toBe(first);
  });

  test("two charts in one page share no id", () => {
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
    const [a, b] = [ids(lineChart(plain)), ids(lineChart({ ...plain, x: { name: "other" } }))];
    expect(a.length).toBeGreaterThan(0);
    expect(a.filter((id) => b.includes(id))).toEqual([]);
    for (const id of a) expect(lineChart(plain)).toContain(`url(#${id})`);
  });

  test("escapes the texts that it writes", () => {
    const svg = lineChart({ ...plain, title: `<script>"&'</script>`, x: { name: "a < b" } });
    read(svg);
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("&lt;script&gt;");
  });

  test("draws any finite points, on either kind of axis", () => {
    const value = fc.oneof(
      fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      fc.integer({ min: -5, max: 5 }),
      fc.constantFrom(0, 1, 1 + 2 ** -52, 5e-324, -1e300, 1e300),
    );
    const positive = value.map((v) => Math.max(1e-300, Math.abs(v)));
    const points = fc
      .boolean()
      .chain((log) =>
        fc.tuple(
          fc.constant(log),
          fc.array(fc.tuple(log ? positive : value, log ? positive : value), { minLength: 1, maxLength: 40 }),
        ),
      );
    fc.assert(
      fc.property(points, ([log, pairs]) => {
        const series = [{ name: "a", x: pairs.map(([x]) => x), y: pairs.map(([, y]) => y) }];
        read(lineChart({ x: { name: "x", log }, y: { name: "y", log }, series }));
      }),
      { numRuns: 50 },
    );
  });

  test("long texts and many curves stay inside the picture", () => {
    const series = Array.from({ length: 30 }, (_, k) => ({
      name: `${k} ${"name ".repeat(k)}`,
      x: [0, 1],
      y: [0, k],
    }));
    const svg = lineChart({ ...plain, title: "long ".repeat(90), series, height: 1000 });
    for (const text of read(svg)) expect(text.length * 6).toBeLessThan(720);
    const tops = [...svg.matchAll(/<text[^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>\d+ name/g)].map((match) =>
      Number(match[2]),
    );
    expect(tops).toHaveLength(29);
    expect(Math.max(...tops)).toBeLessThan(
      Number(svg.match(/clipPath[^>]*>\s*<path d="M[\d.]+ ([\d.]+)/)![1]),
    );
  });

  test("refuses nothing to draw, and values it cannot draw", () => {
    const draw = (y: number[], log = false) =>
      lineChart({
        x: { name: "x" },
        y: { name: "y", log },
        series: [{ name: "a", x: [1, 2, 3].slice(0, y.length), y }],
      });
    expect(() => draw([])).toThrow(/no points for "a"/);
    expect(() => draw([1, Number.NaN])).toThrow(/NaN at index 1 of y of "a"/);
    expect(() => draw([1, Number.NEGATIVE_INFINITY])).toThrow(/-Infinity at index 1/);
    expect(() => draw([1, 0], true)).toThrow(/0 at index 1 of y of "a" on a log axis/);
    expect(() => lineChart({ ...plain, series: [] })).toThrow(/no curves/);
    expect(() => lineChart({ ...plain, series: [{ name: "a", x: [1], y: [1, 2] }] })).toThrow(
      /1 x and 2 y values/,
    );
    expect(() => lineChart({ ...plain, x: { name: "" } })).toThrow(/axis without a name/);
    expect(() => lineChart({ ...plain, title: "\u0000" })).toThrow(/control characters/);
    expect(() => lineChart({ ...plain, width: 100 })).toThrow(/100 × 400 pixels/);
    expect(() => lineCharts([])).toThrow(/no panels/);
  });
});

describe("lossChart", () => {
  test("has both axes named and both curves drawn", () => {
    const svg = lossChart({ images, loss });
    expect(read(svg)).toEqual(expect.arrayContaining(["Training loss", "images seen", "loss"]));
    expect(svg.match(/stroke="#0072b2"/g)).toHaveLength(2);
    expect(lossChart({ images, loss }, { smoothing: 0 }).match(/stroke="#0072b2"/g)).toHaveLength(1);
  });

  test("a million points make a picture of ordinary size, peaks kept", () => {
    const many = Float64Array.from({ length: 1_000_000 }, (_, i) => (i === 400_003 ? 50 : 1 + (i % 7) / 10));
    const svg = lossChart({ images: many.map((_, i) => i + 1), loss: many }, { smoothing: 0 });
    expect(svg.length).toBeLessThan(60_000);
    const ys = [...svg.matchAll(/<path d="M([^"]*)"[^>]*stroke="#0072b2"/g)][0]![1]!
      .split(/[L ]/)
      .map(Number);
    const heights = ys.filter((_, i) => i % 2 === 1).sort((a, b) => a - b);
    expect(heights[0]).toBeLessThan(heights[1]! - 100);
  });

  test("several runs share the picture", () => {
    const texts = read(
      lossChart([
        { name: "linear", images, loss },
        { name: "cosine", images, loss },
      ]),
    );
    expect(texts.filter((text) => text === "linear" || text === "cosine")).toEqual(["linear", "cosine"]);
  });

  test("refuses a diverged run", () => {
    expect(() => lossChart({ images: [1, 2], loss: [1, Number.NaN] })).toThrow(/viz\/loss-chart.*NaN/);
    expect(() => lossChart({ images: [], loss: [] })).toThrow(/no points/);
    expect(() => lossChart([])).toThrow(/no curves/);
  });
});

test("learningRateChart names its axes", () => {
  const svg = learningRateChart({ images, rate: images.map((n) => 1e-4 * Math.min(1, n / 1000)) });
  expect(read(svg)).toEqual(expect.arrayContaining(["images seen", "learning rate", "1e-4"]));
});

describe("scheduleChart", () => {
  test("shows three panels with one legend", () => {
    const texts = read(
      scheduleChart([
        curvesOfBetas("linear", linear),
        curvesOfBetas(
          "half",
          linear.map((b) => b / 2),
        ),
      ]),
    );
    for (const name of ["β", "ᾱ", "log-SNR = ln(ᾱ / (1 − ᾱ))", "linear", "half"])
      expect(texts.filter((text) => text === name)).toHaveLength(1);
  });

  test("leaves out panels that no schedule has", () => {
    const texts = read(scheduleChart([{ name: "straight", t: [0.1, 0.9], logSnr: [4.4, -4.4] }]));
    expect(texts).not.toContain("β");
    expect(() => scheduleChart([{ name: "nothing" }])).toThrow(/1 schedules without curves/);
  });

  test("a zero-terminal schedule has no last point in the log-SNR panel, and a NaN is refused", () => {
    read(scheduleChart([curvesOfBetas("zero terminal", [0.1, 0.5, 1])]));
    expect(() => scheduleChart([{ name: "a", logSnr: [1, Number.NaN] }])).toThrow(/NaN at index 1/);
  });
});
