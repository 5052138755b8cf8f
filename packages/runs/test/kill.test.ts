import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@ddpm/core";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The program, and its compiled form, which starts quickly. */
const source = fileURLToPath(new URL("support/train-child.ts", import.meta.url));
const program = fileURLToPath(new URL("../node_modules/.train-child.mjs", import.meta.url));
/** `DDPM_KILLS=50` kills more often. */
const KILLS = Number(process.env.DDPM_KILLS ?? 4);
/** Of a run: long enough for all kills, each of which waits for up to three checkpoints of 8 images. */
const IMAGES = 240 + 48 * KILLS;
let work: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "ddpm-kill-"));
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@ddpm/source"],
    external: ["@tensorflow/*"],
  });
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(program, { force: true });
});

interface Life {
  readonly began: number;
  readonly warnings: readonly string[];
  readonly done: boolean;
}

/** When to kill a process: so many checkpoints and milliseconds into its training. */
interface Moment {
  readonly checkpoints: number;
  readonly milliseconds: number;
}

/** Trains in another process, to the end or until it is killed. */
function live(folder: string, kill?: Moment): Promise<Life> {
  const child = fork(program, [folder, String(IMAGES)], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr!.on("data", (text: Buffer) => {
    errors += text.toString();
  });
  return new Promise((resolve, reject) => {
    let life: Life | undefined;
    let saved = -1;
    child.on("message", (message) => {
      if (message === "done") life = { ...life!, done: true };
      else if (message !== "saved") life = { ...(message as Omit<Life, "done">), done: false };
      saved++;
      if (saved === kill?.checkpoints) setTimeout(() => child.kill("SIGKILL"), kill.milliseconds);
    });
    child.on("exit", (code, signal) => {
      if (life && (code === 0 || signal === "SIGKILL")) resolve(life);
      else reject(new Error(`the program ended with ${code ?? signal}: ${errors}`));
    });
  });
}

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files.sort().map((path) => [relative(folder, path), readFileSync(path).toString("latin1")]),
  );
}

test(`a run killed at ${KILLS} random moments ends with the same files, byte for byte`, async () => {
  const [straight, killed] = [join(work, "straight"), join(work, "killed")];
  mkdirSync(straight);
  mkdirSync(killed);
  expect(await live(straight)).toEqual({ began: 0, warnings: [], done: true });

  const moments = random(2);
  const began: number[] = [];
  let kills = 0;
  while (kills < KILLS) {
    const life = await live(killed, { checkpoints: moments.integer(4), milliseconds: moments.integer(20) });
    expect(life.done, "the training is too short for so many kills").toBe(false);
    expect(life.warnings).toEqual([]);
    began.push(life.began);
    kills++;
  }
  const last = await live(killed);
  expect(last).toMatchObject({ warnings: [], done: true });
  expect(began).toEqual([...began].sort((a, b) => a - b));
  expect(last.began).toBeGreaterThan(0);

  const [wanted, found] = [filesOf(straight), filesOf(killed)];
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  expect(Object.keys(wanted)).toHaveLength(3 * 4 + 2);
  for (const [name, content] of Object.entries(wanted)) expect(found[name] === content, name).toBe(true);
  expect(wanted["log.jsonl"]!.trim().split("\n")).toHaveLength(IMAGES / 12);
}, 600_000);
