import { join } from "node:path";
import { random } from "@ddpm/core";
import { expect, test } from "vitest";
import { ddpm, startDdpm, temporaryFolder } from "./support/command.ts";
import { hashes } from "./support/files.ts";
import { writeSmallRun } from "./support/small-run.ts";

const KILLS = 20;

test(`killed ${KILLS} times at random moments and resumed, a run ends with the bytes of one left alone`, async () => {
  const folder = temporaryFolder();
  const config = writeSmallRun(folder, { every: { log: 16, samples: 64, checkpoint: 8, keep: 2 } });
  const words = (out: string): string[] => [
    "train",
    config,
    "--out",
    join(folder, out),
    "--backend",
    "wasm",
    "--json",
  ];
  const started = performance.now();
  const alone = await ddpm(...words("alone"), "--images", "400");
  const whole = performance.now() - started;
  expect(alone.code).toBe(0);

  const { uniform } = random(20);
  let kills = 0;
  let finished = false;
  while (!finished) {
    const { child, ended } = startDdpm([...words("killed"), "--images", "400", "--resume"]);
    if (kills < KILLS) {
      // Half of the kills wait for a checkpoint to be announced, so that they fall near its writing.
      const near = kills % 2 === 0;
      const kill = () => setTimeout(() => child.kill("SIGKILL"), uniform() * (near ? 60 : whole / 3));
      if (near) child.stdout!.on("data", (chunk: Buffer) => chunk.includes('"checkpoint"') && kill());
      else kill();
    }
    const { code, stderr } = await ended;
    expect(code === null || code === 0, stderr).toBe(true);
    if (code === null) kills++;
    finished = code === 0;
  }

  expect(kills).toBe(KILLS);
  const { "config.json": _, ...resumed } = hashes(join(folder, "killed"));
  const { "config.json": __, ...untouched } = hashes(join(folder, "alone"));
  expect(resumed).toEqual(untouched);
}, 400_000);
