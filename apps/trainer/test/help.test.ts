import { expect, test } from "vitest";
import { verbs } from "../src/program.ts";
import { ddpmHere } from "./support/command-here.ts";

const WIDTH = 80;
const inner: Readonly<Record<string, readonly string[]>> = {
  show: ["schedule", "forward", "reverse", "data", "model"],
  data: ["fetch", "check"],
};
const all = Object.keys(verbs).flatMap((verb) => [
  verb,
  ...(inner[verb] ?? []).map((name) => `${verb} ${name}`),
]);

async function helpOf(...words: readonly string[]): Promise<string> {
  const { columns } = process.stdout;
  process.stdout.columns = WIDTH;
  try {
    const { code, stdout } = await ddpmHere(...words);
    expect(code).toBe(0);
    return stdout;
  } finally {
    process.stdout.columns = columns;
  }
}

test("the help of the command fits 80 columns and lists every verb", async () => {
  const lines = (await helpOf("--help")).split("\n");
  expect(lines.filter(({ length }) => length > WIDTH)).toEqual([]);
  const listed = lines.flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? []);
  expect(listed).toEqual([...Object.keys(verbs), "help"]);
});

test.each(all)("the help of %s fits 80 columns and has examples", async (verb) => {
  const lines = (await helpOf(...verb.split(" "), "--help")).split("\n");
  expect(lines[0]).toContain(`Usage: ddpm ${verb}`);
  expect(lines.filter(({ length }) => length > WIDTH)).toEqual([]);
  expect(lines).toContain("Examples:");
  expect(lines.join("\n")).not.toContain("../");
});

test.each(Object.keys(inner))("%s without a verb of its own prints its help", async (group) => {
  expect(await helpOf(group)).toBe(await helpOf(group, "--help"));
});

test("`help train` prints the help of train and nothing before it", async () => {
  expect(await helpOf("help", "train")).toBe(await helpOf("train", "--help"));
});

test.each([
  [["help", "trian"], /no command "trian".*"train"/],
  [["train", "--bogus"], /unknown option '--bogus'\n`.*ddpm train --help` lists/],
  [["show", "x"], /unknown command 'x'\n`.*ddpm show --help` lists/],
  [["show", "data", "--bogus"], /unknown option '--bogus'\n`.*ddpm show data --help` lists/],
  [["trian"], /unknown command 'trian'\n.*train.*\n`.*ddpm --help` lists/],
])("%j is refused with what to read, and starts nothing", async (words, message) => {
  const { code, stdout, stderr } = await ddpmHere(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

test("with --json the refusal of an option names the help as its hint", async () => {
  const { events } = await ddpmHere("sample", "--bogus", "--json");
  expect(events).toEqual([
    { event: "error", message: "unknown option '--bogus'", hint: expect.stringContaining("sample --help") },
  ]);
});
