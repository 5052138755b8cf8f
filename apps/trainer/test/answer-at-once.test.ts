import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ANSWER, answerAtOnce } from "../src/run/interrupt/answer-at-once.ts";
import { temporaryFolder } from "./support/command.ts";

test.runIf(process.platform !== "win32")(
  "Ctrl-C is answered while a step computes, and a second one ends the process",
  async () => {
    const path = join(temporaryFolder(), "answers.txt");
    const computing = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const answer = answerAtOnce({ terminal: true, output: openSync(path, "w"), ends: computing.pid! });
    const ended = once(computing, "exit");
    await wait(300);
    process.kill(answer.pid!, "SIGINT");
    // This process computes: no handler of it is called.
    const busy = performance.now() + 1000;
    while (performance.now() < busy && !readFileSync(path, "utf8").includes(ANSWER));
    expect(readFileSync(path, "utf8")).toContain(ANSWER);
    expect(answer.given).toBe(true);
    process.kill(answer.pid!, "SIGINT");
    expect(await ended).toEqual([null, "SIGKILL"]);
    answer.release();
  },
);

test("where the output is no terminal nothing is started", () => {
  expect(answerAtOnce({ terminal: false })).toMatchObject({ given: false, pid: undefined });
});
