import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { verbs } from "../src/program.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const script = join(temporaryFolder(), "completion.bash");

beforeAll(async () => writeFileSync(script, (await ddpmHere("completion", "bash")).stdout));

/** What bash completes the last of these words to. */
function completed(...words: readonly string[]): string[] {
  const call = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ddpm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", call, script, "ddpm", ...words], { encoding: "utf8" });
  return output.split("\n").filter(Boolean);
}

test.runIf(process.platform !== "win32").each([
  [["tr"], ["train"]],
  [["train", "--res"], ["--resume"]],
  [["train", "quick"], ["quickstart"]],
  [["train", "--backend", "wa"], ["wasm"]],
  [["train", "quickstart", "--seed", "1", "--out", "q"], []],
  [["sample", "runs/a", "--sampler", "ddi"], ["ddim"]],
  [["sample", "runs/"], []],
  [["show", "sch"], ["schedule"]],
  [["show", "schedule", "lin"], ["linear"]],
  [
    ["show", "reverse", "--st"],
    ["--steps", "--stages"],
  ],
  [["data", "fetch", "fash"], ["fashion-mnist"]],
  [["list", "spac"], ["spacings"]],
  [
    ["import", "--from", "diffusers-"],
    ["diffusers-1d", "diffusers-condition"],
  ],
  [["completion", "f"], ["fish"]],
  [["help", "tr"], ["train"]],
])("bash completes %j to %j", (words, expected) => {
  expect(completed(...words).sort()).toEqual([...expected].sort());
});

test.runIf(process.platform !== "win32")("bash completes every verb", () => {
  expect(completed("")).toEqual([...Object.keys(verbs), "help"]);
});

test.each(["zsh", "fish", "powershell"])("the script for %s has every verb", async (shell) => {
  const { code, stdout } = await ddpmHere("completion", shell);
  expect(code).toBe(0);
  for (const verb of Object.keys(verbs)) expect(stdout).toMatch(new RegExp(`['" ]${verb}['" ]`));
});

test("a shell that is not known is refused with those that are", async () => {
  const { code, stderr } = await ddpmHere("completion", "tcsh");
  expect(code).toBe(2);
  expect(stderr).toContain("bash, zsh, fish, powershell");
});
