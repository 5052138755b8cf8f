import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { showForward } from "../src/commands/show/forward.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

test("schedules are drawn in one picture, distinguished by name, and warned about", async () => {
  const { code, events } = await ddpmHere(
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
  await ddpmHere(
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

  const noisy = [
    "shapes",
    "--count",
    "2",
    "--stages",
    "5",
    "--noise",
    "--set",
    "size=16",
    "--out",
    at("n.png"),
  ];
  await showForward().parseAsync(noisy, { from: "user" });
  const both = decode(readFileSync(at("n.png")));
  expect([both.width, both.height]).toEqual([5 * 66 + 2, 4 * 66 + 2]);
});

test("data is shown as the network sees it", async () => {
  const { code } = await ddpmHere("show", "data", "shapes", "--count", "9", "--out", at("d.png"));
  expect(code).toBe(0);
  expect(decode(readFileSync(at("d.png"))).width).toBe(3 * 66 + 2);
});

test("a model is described layer by layer and in all, from a preset with changes or a file", async () => {
  const small = { name: "ho", width: 16, multipliers: [1, 2, 2], blocks: 1, attention: [2] };
  const words = ["--set", `denoiser=${JSON.stringify(small)}`, "denoiser.classes=6", "--json"];
  const { code, events } = await ddpmHere("show", "model", "quickstart", ...words);
  expect(code).toBe(0);
  expect(events[0]).toMatchObject({ event: "model", name: "ho", size: [16, 16] });
  const conv = events.find(({ layer }) => layer === "down.1.res0.conv1");
  expect(conv).toMatchObject({ parameters: 9 * 16 * 32 + 32, flops: 2 * 8 * 8 * 9 * 16 * 32 });
  const total = events.at(-1) as { parameters: number; trainable: number };
  expect(total).toMatchObject({ event: "total", parameters: 281_203, trainable: 281_203, frozen: 0 });

  const cifar = { denoiser: "ho", schedule: "linear", name: "cifar", data: { source: "none", size: 32 } };
  const rest = { train: { images: 1, batch: 1 }, every: { log: 1, samples: 1, checkpoint: 1 } };
  writeFileSync(at("cifar.json"), JSON.stringify({ ...cifar, ...rest }));
  const { stdout } = await ddpmHere("show", "model", at("cifar.json"));
  expect(stdout).toMatch(/^total +35,746,307 +0 +12,443,713,536 /m);
});

test.each([
  [["show", "model", "quickstart", "--size", "17"], /height 17 is no multiple of 4.*16 or 20/],
  [["show", "model", "nowhere"], /unknown preset "nowhere"/],
  [["show", "schedule", "cosin"], /unknown schedule "cosin".*"cosine"/],
  [["show", "reverse", "nowhere"], /nowhere is not a run/],
  [["sample", "nowhere"], /nowhere is not a run/],
  [["list", "schedule"], /"schedule".*Did you mean "schedules"/],
])("%j is refused in one line, with status 2", async (words, message) => {
  const { code, stderr } = await ddpmHere(
    ...words,
    ...(words[0] === "show" && words[1] !== "model" ? ["--out", at("no")] : []),
  );
  expect(code).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(message);
  expect(existsSync(at("no"))).toBe(false);
});

test("everything that there is can be listed, with options and sources", async () => {
  const { events } = await ddpmHere("list", "--json");
  const kinds = new Set(events.map(({ kind }) => kind));
  for (const kind of ["schedules", "samplers", "denoisers", "extractors", "presets", "backends"])
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
    const { code, stdout } = await ddpmHere(...verb, "--help");
    expect(code, verb.join(" ")).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}ddpm/);
    expect(stdout).toContain("--json");
  }
});
