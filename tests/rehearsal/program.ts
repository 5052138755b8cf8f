import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { check } from "./consumers/consumer.ts";

/** The program of the README, as JavaScript, which trains on fewer images and samples in fewer steps. */
export function readmeProgram(tree: string, images: number, steps = 5): string {
  const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(tree, "README.md"), "utf8"))?.[1] ?? "";
  check(program.includes("until: 9_600"), "the README's program trains on 9,600 images");
  check(program.includes("steps: 20"), "the README's program samples in 20 steps");
  const short = program.replace("until: 9_600", `until: ${images}`).replace("steps: 20", `steps: ${steps}`);
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(short, { compilerOptions: options }).outputText;
}

/** The line of docs/start.md that installs the command for all projects. */
export function installLine(tree: string): string {
  const line = /^npm install --global .*$/m.exec(readFileSync(join(tree, "docs/start.md"), "utf8"))?.[0];
  check(line !== undefined, "docs/start.md has no line that installs the command");
  return line;
}

/** Throws where a file is no PNG. */
export function checkPng(path: string): void {
  const bytes = readFileSync(path);
  check(bytes.subarray(1, 4).toString() === "PNG" && bytes.length > 1000, `${path} is no PNG with content`);
}
