import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { beyondAllowed } from "./allowed.ts";
import { filesBelow, members, root, textOf } from "./sources.ts";

/** Words and turns that are not the field's, and what to write: for texts and, cut into words, for names in code. */
const instead: readonly (readonly [turn: RegExp, write: string])[] = [
  [/\b(un)?told\b|\btells? (of|it|them|the (block|network))\b/gi, "conditioned on, receives; embedding"],
  [/\b(go|goes|going|went) by (a|an|the|its|it|what|image)\b/gi, "is conditioned on"],
  [/\bborne\b/gi, "tolerated"],
  [/\bwalk(s|ed|ing)?\b/gi, "trajectory, sampling run; visit"],
  [/\b(go|goes|going|went) on\b/gi, "resume, continue"],
  [/\bwork(s|ed|ing)? (it |them )?(out|off)\b/gi, "compute; recompute; microbatches"],
  [/\bsaid\b|\bsays? so\b|\bsay so\b/gi, "description, reported; the message says"],
  [/\bbeside\b/gi, "next to; baseline"],
  [/\bapart\b(?! from)/gi, "held out; separate"],
  [/\blies?\b|\blaid\b|\blying\b/gi, "is stored in, is in; layout"],
  [
    /\b(its|their|a|take|takes|taking) turns?\b|\bbreath(e|s|er|ing)?\b|\bpacer\b/gi,
    "cycle; yield to the event loop",
  ],
  [/\banew\b|\bwhoever\b|\bone['’]s own\b/gi, "again; an interrupted run; custom"],
  [/\bhanded\b/gi, "flippable, hflip"],
  [/\brescu(e|es|ed|ing)\b/gi, "recovery"],
  [/\bhabits?\b/gi, "training behaviour; conventions"],
  [/\blessons?\b|\bsights?\b|\boffer(s|ed|ing)?\b/gi, "condition image; the thing itself"],
  [/\bequally many\b|\bas many as\b/gi, "the same number; balanced"],
  [/\bjudg(e|es|ed|ing|ement|ements)\b/gi, "evaluate, evaluation"],
  [/\bwhat (it|a difference|x̂?_?0|x_t|it all) counts\b|\bcounts in\b/gi, "weight, coefficient, loss"],
];

/** This list, the rules' own lists, and packed data, which is no text. */
const notRead = /^tests\/rules\/(words\.test\.ts|allowed\/)|\/api\.md$|\/clip\/merges\.ts$/;

/** Everything that a person reads: sources, tests, documents, changesets. */
function texts(): string[] {
  const folders = [...members(), "tests", "tools", "docs", ".changeset"].flatMap((folder) =>
    filesBelow(folder),
  );
  const documents = readdirSync(root).filter((name) => name.endsWith(".md"));
  return [...folders, ...documents].filter(
    (path) => /\.(tsx?|mts|mjs|md|css|html)$/.test(path) && !notRead.test(path),
  );
}

/** A text with its names cut into words: `toldTime` is `told Time`. */
function cut(text: string): string {
  return text.replace(/([a-z0-9])(?=[A-Z])/g, "$1 ").replaceAll(/[_/-]/g, " ");
}

function turnsIn(text: string): string[] {
  return instead.flatMap(([turn]) => cut(text).match(turn) ?? []);
}

test("turns are found in sentences and in names", () => {
  expect(turnsIn("The block is told the time, and a walk goes on.")).toEqual(["told", "walk", "goes on"]);
  expect(turnsIn("const toldTime = lesson_of(apart);")).toEqual(["told", "apart", "lesson"]);
  expect(turnsIn("Apart from that, a list of steps that resumes.")).toEqual([]);
});

test("texts and names keep to the field's own words (docs of what to write: this file's table)", () => {
  const counts = new Map<string, number>();
  for (const path of texts()) {
    const { length } = [...turnsIn(textOf(path)), ...turnsIn(path)];
    if (length > 0) counts.set(path, length);
  }
  expect(beyondAllowed("words", counts)).toEqual([]);
});
