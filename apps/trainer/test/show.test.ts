import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { ddpm, temporaryFolder } from "./support/command.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

test("schedules are drawn in one picture, told apart by name, and warned about", async () => {
  const { code, events } = await ddpm(
    ...["show", "schedule", "cosine", "linear:steps=600", "--out", at("s.svg"), "--json"],
  );
  expect(code).toBe(0);
  const svg = readFileSync(at("s.svg"), "utf8");
  expect(svg).toContain("cosine");
  expect(svg).toContain("linear:steps=600");
  const [cosine, linear] = events as { snr: number; warnings: unknown[] }[];
  expect(cosine!.warnings).toEqual([]);
  expect(linear!.warnings).toHaveLength(1);
  // Sources: abar of linear, T = 600, is 0.002309690764 at its last step.
  expect(linear!.snr).toBeCloseTo(0.002309690764 / (1 - 0.002309690764), 10);
});

test("noising has exactly the stages asked for, one row per image", async () => {
  await ddpm(
    "show",
    "forward",
    "shapes",
    "--count",
    "2",
    "--stages",
    "5",
    "--set",
    "size=16",
    "--out",
    at("f.png"),
  );
  const { width, height } = decode(readFileSync(at("f.png")));
  expect([width, height]).toEqual([5 * 66 + 2, 2 * 66 + 2]);
});

test("data is shown as the network sees it", async () => {
  const { code } = await ddpm("show", "data", "shapes", "--count", "9", "--out", at("d.png"));
  expect(code).toBe(0);
  expect(decode(readFileSync(at("d.png"))).width).toBe(3 * 66 + 2);
});

test.each([
  [["show", "schedule", "cosin"], /unknown schedule "cosin".*"cosine"/],
  [["show", "reverse", "nowhere"], /nowhere is no run/],
  [["sample", "nowhere"], /nowhere is no run/],
  [["list", "schedule"], /"schedule".*Did you mean "schedules"/],
])("%j is refused in one line, with status 2", async (words, said) => {
  const { code, stderr } = await ddpm(...words, ...(words[0] === "show" ? ["--out", at("no")] : []));
  expect(code).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(said);
  expect(existsSync(at("no"))).toBe(false);
});

test("everything that there is can be listed, with options and sources", async () => {
  const { events } = await ddpm("list", "--json");
  const kinds = new Set(events.map(({ kind }) => kind));
  for (const kind of ["schedules", "samplers", "denoisers", "presets", "backends"])
    expect(kinds).toContain(kind);
  const cosine = events.find(({ name, kind }) => name === "cosine" && kind === "schedules");
  expect(cosine).toMatchObject({ source: expect.stringContaining("Nichol") });
  expect((cosine as { options: { name: string }[] }).options.map(({ name }) => name)).toContain("maxBeta");
});

test("every verb helps with examples", async () => {
  for (const verb of [
    ["train"],
    ["sample"],
    ["show", "schedule"],
    ["show", "forward"],
    ["show", "reverse"],
    ["list"],
    ["doctor"],
  ]) {
    const { code, stdout } = await ddpm(...verb, "--help");
    expect(code, verb.join(" ")).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}ddpm/);
    expect(stdout).toContain("--json");
  }
});
