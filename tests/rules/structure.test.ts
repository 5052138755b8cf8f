import { basename, dirname, join } from "node:path/posix";
import ts from "typescript";
import { expect, test } from "vitest";
import { beyondAllowed } from "./allowed.ts";
import { filesBelow, members, sourceFiles, textOf } from "./sources.ts";

/** Files that a folder may hold. */
const FILES_PER_FOLDER = 15;
/** Lines that a function may fill, its signature and nested functions included: two screens of 30. */
const LINES_PER_FUNCTION = 60;

/** The files that a file imports by a relative path; imports of types count. */
function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(textOf(path), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => join(dirname(path), fileName));
}

/** The circles of a graph, each as its members in the order of a search that goes deep first (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    numbers.set(node, numbers.size);
    lowest.set(node, numbers.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!numbers.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== numbers.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    if (members.length > 1) found.push(members);
  };
  for (const node of graph.keys()) if (!numbers.has(node)) visit(node);
  return found;
}

test("a circle of imports is found", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b", "d"]],
    ["d", []],
  ]);
  expect(circles(graph)).toEqual([["b", "c"]]);
});

test("no files import each other in a circle, types included", () => {
  const graph = new Map(sourceFiles().map((path) => [path, importsOf(path)]));
  const members = circles(graph).flatMap((circle) =>
    circle.map((path): [string, number] => [path, circle.length]),
  );
  expect(beyondAllowed("circles", new Map(members))).toEqual([]);
});

test(`no folder of sources holds more than ${FILES_PER_FOLDER} files`, () => {
  const counts = new Map<string, number>();
  for (const path of members().flatMap((member) => filesBelow(`${member}/src`))) {
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  const full = [...counts].filter(([, count]) => count > FILES_PER_FOLDER);
  expect(beyondAllowed("folders", new Map(full))).toEqual([]);
});

test(`no function fills more than ${LINES_PER_FUNCTION} lines`, () => {
  const long = new Map<string, number>();
  for (const path of sourceFiles()) {
    for (const [name, lines] of functionsOf(path)) {
      if (lines > LINES_PER_FUNCTION) long.set(`${basename(path)} ${name}`, lines);
    }
  }
  expect(beyondAllowed("functions", long)).toEqual([]);
});

/** The functions of a file, each with its name, or that of what it is assigned to, and the lines that it fills. */
function functionsOf(path: string): [string, number][] {
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const found: [string, number][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const named = (node.name ?? (node.parent as { name?: ts.Node }).name)?.getText(source) ?? "(no name)";
      found.push([named, lineAt(node.end) - lineAt(node.getStart(source)) + 1]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
