import { backends } from "@ddpm/backends";
import { expect, test } from "vitest";
import { doctorCommand } from "../src/commands/doctor/index.ts";
import { version } from "../src/version.ts";
import type { Ended } from "./support/command.ts";
import { endedHere } from "./support/command-here.ts";

/** What doctor prints where every backend trains 40 images per second. */
function doctor(...words: readonly string[]): Promise<Ended> {
  const command = doctorCommand(async () => 40).option("--json");
  return endedHere(async () => {
    await command.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  });
}

test("doctor prints versions, the machine and every backend in at most 80 columns", async () => {
  const { code, stdout } = await doctor();
  expect(code).toBe(0);
  expect(stdout).toContain("40 images/s");
  const lines = stdout.split("\n");
  expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  expect(lines[0]).toBe(`ddpm      ${version}`);
  expect(lines[1]).toBe(`node      ${process.version}`);
  expect(lines[2]).toContain(`${process.platform} ${process.arch}`);
  for (const name of backends.names)
    expect(stdout).toMatch(new RegExp(`^ {2}(works |absent) ${name} +\\S`, "m"));
});

test("doctor --json has the same fields", async () => {
  const { events } = await doctor("--json");
  const { arch, platform } = process;
  expect(events[0]).toMatchObject({ event: "machine", ddpm: version, node: process.version, platform, arch });
  const listed = events.filter(({ event }) => event === "backend");
  expect(listed.map(({ name }) => name)).toEqual(backends.names);
});
