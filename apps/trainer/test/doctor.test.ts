import { backends } from "@ddpm/backends";
import { expect, test, vi } from "vitest";
import { version } from "../src/version.ts";
import { ddpmHere } from "./support/command-here.ts";

vi.mock("../src/run/timing/speed.ts", () => ({ trainingSpeed: async () => 40 }));

test("doctor prints versions, the machine and every backend in at most 80 columns", async () => {
  const { code, stdout } = await ddpmHere("doctor");
  expect(code).toBe(0);
  const lines = stdout.split("\n");
  expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  expect(lines[0]).toBe(`ddpm      ${version}`);
  expect(lines[1]).toBe(`node      ${process.version}`);
  expect(lines[2]).toContain(`${process.platform} ${process.arch}`);
  for (const name of backends.names)
    expect(stdout).toMatch(new RegExp(`^ {2}(works |absent) ${name} +\\S`, "m"));
});

test("doctor --json has the same fields", async () => {
  const { events } = await ddpmHere("doctor", "--json");
  const { arch, platform } = process;
  expect(events[0]).toMatchObject({ event: "machine", ddpm: version, node: process.version, platform, arch });
  const listed = events.filter(({ event }) => event === "backend");
  expect(listed.map(({ name }) => name)).toEqual(backends.names);
});
