import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare } from "../src/compare/compare.ts";
import type { CompareFlags } from "../src/compare/plan/flags.ts";
import { temporaryFolder } from "./support/command.ts";
import { quickEvaluation, shapesRun, silent } from "./support/evaluation.ts";
import { hashes } from "./support/files.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("ddpm compare", () => {
  const config = join(folder, "small.json");
  const mine = fileURLToPath(new URL("fixtures/cubic.ts", import.meta.url));
  const flags = (out: string, more: object = {}): CompareFlags => ({
    ...{
      ...quickEvaluation,
      count: 16,
      slices: 2,
      out: join(folder, out),
      vary: [`schedule=linear,${mine}`],
    },
    ...more,
  });
  beforeAll(async () => {
    writeFileSync(config, JSON.stringify(shapesRun));
  });

  test("merging trains and draws nothing; what is missing of a table is drawn again, and it is the same", async () => {
    const again = (more: object = {}) => compare(config, flags("again", more), silent());
    await expect(again({ merge: true })).rejects.toThrow(/linear is not trained yet/);
    await compare(config, flags("whole"), silent());
    cpSync(join(folder, "whole"), join(folder, "again"), { recursive: true });
    const kept = readdirSync(join(folder, "again", "linear", "eval"), { recursive: true, encoding: "utf8" });
    rmSync(join(folder, "again", "linear", "eval", kept.find((name) => name.endsWith(".npy"))!));
    await expect(again({ merge: true })).rejects.toThrow(/linear is not drawn yet/);
    await again();
    expect(hashes(join(folder, "again"))).toEqual(hashes(join(folder, "whole")));
  });

  test("with several seeds it tests settings by the variance between trainings, and gives the means", async () => {
    const seeded = { vary: [`schedule=linear,${mine}`, "seed=0,1"], count: 8, extractor: "random:width=4" };
    await compare(config, flags("seeds", seeded), silent());
    const { repeats, results, verdicts, caution } = JSON.parse(
      readFileSync(join(folder, "seeds", "compare.json"), "utf8"),
    );
    expect(repeats).toHaveLength(2);
    const kids = results.map((one: { estimates: readonly { value: number }[] }) => one.estimates[0]!.value);
    expect(repeats[0].trainings).toEqual(["linear, 0", "linear, 1"]);
    expect(repeats[0].estimates[0].value).toBeCloseTo((kids[0] + kids[1]) / 2, 10);
    expect(kids[0]).not.toBe(kids[1]);
    expect(verdicts[0].tests).toHaveLength(1);
    expect(caution).toMatch(/2 trainings of each setting/);
  });

  test("compares samplers at equal network calls, each from the same noise", async () => {
    const run = join(folder, "whole", "linear");
    const swept = flags("whole", {
      vary: undefined,
      samplers: ["ddim", "heun"],
      calls: [1, 3],
      out: join(folder, "sweep"),
    });
    await compare(run, swept, silent());
    const { results: cells, verdicts } = JSON.parse(
      readFileSync(join(folder, "sweep", "compare.json"), "utf8"),
    );
    expect(
      cells.map((one: { name: string; group: string; calls: number }) => [one.name, one.group, one.calls]),
    ).toEqual([
      ["ddim", "1", 1],
      ["ddim", "3", 3],
      ["heun", "1", 1],
      ["heun", "3", 3],
    ]);
    // One step of Heun's method is Euler's, which is DDIM's: no difference may be found.
    expect(verdicts[0].alike).toHaveLength(1);
  });

  test("refuses what cannot be compared", async () => {
    const refused = (more: object) => expect(compare(config, flags("none", more), silent())).rejects;
    await refused({ vary: [] }).toThrow(/nothing varies/);
    await refused({ vary: ["schedule=linear"] }).toThrow(/at least two values/);
    await refused({ vary: ["schedule=linear,linear"] }).toThrow(/same name/);
    await refused({ vary: ["schedule=linear,cosinus"] }).toThrow(/cosine/);
    await refused({ set: ['train.earlyStop={"patience":1}'] }).toThrow(/earlyStop would end linear before/);
    await refused({ extractor: "clasifier" }).toThrow(/classifier/);
    await refused({ metrics: ["kit"] }).toThrow(/Did you mean "kid"/);
    await refused({ metrics: ["kid", "eps-loss"] }).toThrow(/eps-loss needs heldOut.*ddpm eval/);
    await refused({ vary: undefined, samplers: ["ddim"] }).toThrow(/is not a run/);
  });
});
