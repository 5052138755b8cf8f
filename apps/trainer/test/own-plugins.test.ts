import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRun } from "@ddpm/runs";
import { expect, test } from "vitest";
import { loadRun } from "../src/config/load.ts";
import { pluginSpec } from "../src/config/plugin-spec.ts";
import { buildRun } from "../src/run/build.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const module = fileURLToPath(new URL("fixtures/own-plugins.ts", import.meta.url));
const folder = temporaryFolder();

const withSchedule = (schedule: object) => parseRun({ ...smallRun, schedule }, "test");

test("a schedule from the user's own module trains like a built-in, and the run says where it is from", async () => {
  const out = join(folder, "own");
  const schedule = { module, name: "cubic", steps: 60 };
  const train = { ...smallRun.train, images: 16 };
  expect((await trainHere({ ...smallRun, schedule, train }, out)).code).toBe(0);
  expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8")).schedule).toEqual(schedule);
});

test("options of the user's plugin are checked as those of built-ins are", async () => {
  await expect(buildRun(withSchedule({ module, name: "cubic", step: 60 }))).rejects.toThrow(
    /unknown option "step"/,
  );
  await expect(buildRun(withSchedule({ module, name: "cubic", steps: 1 }))).rejects.toThrow(/option "steps"/);
});

test("a plugin that breaks its contract is refused before anything is trained", async () => {
  const out = join(folder, "broken");
  await expect(trainHere({ ...smallRun, schedule: { module, name: "noisy" } }, out)).rejects.toThrow(
    /the schedule from your module breaks its contract.*t = 0 is clean/s,
  );
});

test("a module that is not there, or lacks the plugin, is named with what it has", async () => {
  await expect(buildRun(withSchedule({ module: join(folder, "none.js") }))).rejects.toThrow(/does not load/);
  await expect(buildRun(withSchedule({ module }))).rejects.toThrow(/the plugins .*cubic.*, and none by name/);
  await expect(buildRun(withSchedule({ module, name: "quartic" }))).rejects.toThrow(/quartic was asked for/);
});

test("paths of modules count from the file that they are written in, or from where the command is given", async () => {
  const config = writeSmallRun(folder, { schedule: { module: "./mine.js" } });
  expect((await loadRun(config, {})).schedule).toEqual({ module: join(dirname(config), "mine.js") });
  const set = ['schedule={"module":"./mine.js"}'];
  expect((await loadRun(config, { set })).schedule).toEqual({ module: join(process.cwd(), "mine.js") });
  expect(pluginSpec("./mine.js:steps=5")).toEqual({ module: join(process.cwd(), "mine.js"), steps: 5 });
  expect(pluginSpec("linear:steps=5")).toEqual({ name: "linear", steps: 5 });
});
