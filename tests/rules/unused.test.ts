import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { beyondAllowed } from "./allowed.ts";
import { root } from "./sources.ts";

type Kinds = Readonly<Record<string, string | readonly { readonly name: string }[]>>;

/** What knip reports: per file, lists of names by kind of issue. */
async function reported(): Promise<readonly Kinds[]> {
  const knip = join(root, "node_modules", "knip", "bin", "knip.js");
  const args = [knip, "--reporter", "json", "--no-exit-code", "--no-progress"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 2 ** 26 });
  return (JSON.parse(stdout) as { issues: readonly Kinds[] }).issues;
}

test("no file, export or dependency is unused (knip)", async () => {
  const unused = (await reported()).flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      typeof names === "string"
        ? []
        : names.map(({ name }): [string, number] => [`${file} ${kind} ${name}`, 1]),
    ),
  );
  expect(beyondAllowed("unused", new Map(unused))).toEqual([]);
});
