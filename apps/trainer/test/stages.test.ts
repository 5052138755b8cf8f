import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stagesOf } from "@ddpm/runs/authoring";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ended, startDdpm, temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { hashes } from "./support/files.ts";
import { smallRun } from "./support/small-run.ts";

const staged = {
  ...smallRun,
  stages: { all: {}, one: { data: { classes: ["disc"] }, train: { images: 48 } } },
};

describe("the stages of a description", () => {
  test("are its settings with each stage's own over them, and are named after it", () => {
    const [all, one] = stagesOf(staged, []);
    expect(all).toEqual({ name: "all", description: { ...smallRun, name: "small-all" } });
    expect(one!.description).toEqual({
      ...smallRun,
      name: "small-one",
      data: { ...smallRun.data, classes: ["disc"] },
      train: { ...smallRun.train, images: 48 },
    });
  });

  test("take what the command line says over what they say, all of them or one", () => {
    const images = (...settings: readonly string[]): unknown[] =>
      stagesOf(staged, settings).map(({ description }) => (description as typeof smallRun).train.images);
    expect(images("train.images=8")).toEqual([8, 8]);
    expect(images("stages.one.train.images=16")).toEqual([96, 16]);
    expect(images("train.batch=4")).toEqual([96, 48]);
  });

  test("are one without a name where there are none, and refused where they are no stages", () => {
    expect(stagesOf(smallRun, [])).toEqual([{ description: smallRun }]);
    for (const stages of [{}, [], 3, { "../x": {} }, { a: 1 }]) {
      expect(() => stagesOf({ ...smallRun, stages }, [])).toThrow(/stage/);
    }
  });

  test("drop the options of a plugin that a stage replaces by another", () => {
    const replaced = { ...smallRun, stages: { a: { schedule: { name: "linear", rescale: true } } } };
    const [{ description }] = stagesOf(replaced, []);
    expect(description).toMatchObject({ schedule: { name: "linear", rescale: true } });
    expect(description).not.toHaveProperty("schedule.steps");
  });
});

describe("a run in two stages", () => {
  const folder = temporaryFolder();
  const config = join(folder, "staged.json");
  const words = (out: string): string[] => [
    ...["train", config, "--out", join(folder, out), "--backend", "wasm", "--json"],
  ];
  let whole: Ended;
  beforeAll(async () => {
    writeFileSync(config, JSON.stringify(staged));
    whole = await ddpmHere(...words("whole"));
  }, 120_000);

  test("trains one after the other, the second with the weights of the first", () => {
    expect(whole.code, whole.stderr).toBe(0);
    const done = whole.events.filter(({ event }) => event === "done");
    expect(done.map(({ run, images }) => [run, images])).toEqual([
      [join(folder, "whole", "1-all"), 96],
      [join(folder, "whole", "2-one"), 48],
    ]);
    const second = JSON.parse(readFileSync(join(folder, "whole", "2-one", "config.json"), "utf8"));
    expect(second.start).toMatchObject({ run: join(folder, "whole", "1-all"), images: 96, weights: "ema" });
    expect(second.data.classes).toEqual(["disc"]);
  });

  test("killed in the first stage and in the second, it resumes with the same command to the same bytes", async () => {
    const killedAt = async (run: string, ...call: readonly string[]): Promise<void> => {
      const { child, ended } = startDdpm(call);
      child.stdout!.on("data", (chunk: Buffer) => {
        if (chunk.includes('"checkpoint"') && chunk.includes(run)) child.kill("SIGKILL");
      });
      expect((await ended).code).toBe(null);
    };
    const out = join(folder, "killed");
    await killedAt("1-all", ...words("killed"));
    expect(existsSync(join(out, "2-one"))).toBe(false);
    await killedAt("2-one", ...words("killed"), "--resume");
    const { code, stderr } = await ddpmHere("train", "--resume", "--out", out, "--backend", "wasm", "--json");
    expect(code, stderr).toBe(0);
    for (const stage of ["1-all", "2-one"]) {
      expect(withoutPlaces(hashes(join(out, stage)))).toEqual(
        withoutPlaces(hashes(join(folder, "whole", stage))),
      );
    }
  }, 240_000);

  test("is refused before it begins where a later stage has no images", async () => {
    const none = await ddpmHere(...words("none"), "--set", 'stages.one.data.classes=["cow"]');
    expect(none.code).toBe(2);
    expect(none.stderr + none.stdout).toContain("cow");
    expect(existsSync(join(folder, "none"))).toBe(false);
  }, 120_000);
});

/** Files other than those with the place of the run, or of the one that it began from. */
function withoutPlaces(files: Readonly<Record<string, string>>): Record<string, string> {
  const places = /config\.json$|state\.json$|report\.html$/;
  return Object.fromEntries(Object.entries(files).filter(([name]) => !places.test(name)));
}
