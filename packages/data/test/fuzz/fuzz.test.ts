import { expect, it } from "vitest";
import { byteTargets } from "./byte-targets.ts";
import { fileTargets } from "./file-targets.ts";
import { neighbourTargets } from "./neighbour-targets.ts";
import { runTarget } from "./run-target.ts";

/** The long form, by hand: see fuzz.mts. */
const COUNT = 400;
/** Fewer where each makes folders. */
const FEW = 100;

it.each(
  [...byteTargets, ...fileTargets, ...neighbourTargets].map((target) => [target.name, target] as const),
)(
  `%s: mutated files are refused with a DdpmError or read, quickly and in little memory`,
  async (_, target) => {
    const count = target.writes ? FEW : COUNT;
    const { findings, refused } = await runTarget(target, { seed: 7, count });
    expect(findings.map(({ number, what }) => `input ${number}: ${what}`)).toEqual([]);
    expect(refused).toBeGreaterThan(count / 20);
  },
);
