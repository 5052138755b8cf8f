import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.ts";

/** Who commits in the copy. */
const AUTHOR = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost"];

/** Copies the files of a working tree that git would track, and installs in the copy what its lockfile lists. */
export async function copyTree(root: string, copy: string): Promise<void> {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  for (const path of listed.split("\0")) {
    if (path === "" || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { dereference: true });
  }
  // changesets asks git which commit added each changeset, and tags what it published.
  await run("git", ["init", "-q", "-b", "main"], { cwd: copy });
  await run("git", ["add", "-A"], { cwd: copy });
  await run("git", [...AUTHOR, "commit", "-q", "-m", "rehearsal"], { cwd: copy });
  await run(process.execPath, ["tools/setup.mjs"], { cwd: copy });
}
