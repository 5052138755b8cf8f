import { describe, expect, test } from "vitest";
import { lineChart } from "../src/charts/index.ts";
import { png } from "../src/images.ts";
import { type RunReport, runReport } from "../src/report/index.ts";

const dot = png({ width: 1, height: 1, channels: 1, data: Uint8ClampedArray.of(7) });

const report = (change: Partial<RunReport> = {}): RunReport => ({
  title: "A <run> & more",
  about: 'with "quotes"',
  facts: [["loss", "0.1 < 0.2"]],
  warnings: [{ title: "flat,", text: "the loss </aside> did not fall." }],
  sections: [
    {
      title: "Curves",
      charts: [
        lineChart({ x: { name: "x" }, y: { name: "y" }, series: [{ name: "a", x: [0, 1], y: [1, 2] }] }),
      ],
      pictures: [{ caption: "</figcaption><script>", png: dot }],
    },
  ],
  settings: { note: "</pre><b>" },
  ...change,
});

describe("a run's report", () => {
  test("is one page that asks for nothing else and runs nothing", () => {
    const page = runReport(report());
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses).toEqual([`data:image/png;base64,${Buffer.from(dot).toString("base64")}`]);
    expect(page).not.toMatch(/<script|<link|@import|url\((?!['"]?#)/);
  });

  test("shows text as text, wherever it stands", () => {
    const page = runReport(report());
    expect(page).toContain("<h1>A &lt;run&gt; &amp; more</h1>");
    expect(page).toContain("0.1 &lt; 0.2");
    expect(page).toContain("&lt;/aside&gt;");
    expect(page).toContain("&lt;/figcaption&gt;&lt;script&gt;");
    expect(page).toContain("&lt;/pre&gt;&lt;b&gt;");
    for (const tag of ["figure", "section", "aside", "main", "body", "pre", "svg"]) {
      expect(page.split(`<${tag}`).length, tag).toBe(page.split(`</${tag}>`).length);
    }
  });

  test("refuses what no page can hold", () => {
    expect(() => runReport(report({ title: "a\u0000b" }))).toThrow(/control characters/);
  });
});
