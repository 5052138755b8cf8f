import { existsSync } from "node:fs";
import { join } from "node:path";
import { NODES, nodeProgram } from "../nodes.ts";
import type { Project } from "../project.ts";
import { type Consumer, check } from "./consumer.ts";

/** A run that ends within seconds. */
const SHORT = ["--set", "data.size=16", "denoiser.width=8", "--images", "64", "--backend", "wasm"];
/** Processor time of `--version`, in seconds. */
const START_SECONDS = 0.5;

/** The command without a clone: by `npx` in an empty folder; installed, on each Node. */
export const command: Consumer = {
  name: "command",
  usual: true,
  async run({ folder, tree, run, install }) {
    const npx = ["-y", "@ddpm/cli"];
    const train = await run("npx", [...npx, "train", "quickstart", ...SHORT, "--out", "run"], { limit: 600 });
    check(train.includes("npx @ddpm/cli sample run"), `no command to sample with is printed:\n${train}`);
    await run("npx", [...npx, "sample", "run", "--count", "4", "--steps", "2", "--backend", "wasm"]);
    await install("@ddpm/cli");
    const program = "node_modules/@ddpm/cli/bin/ddpm.mjs";
    for (const version of NODES) {
      const node = await nodeProgram(version, tree);
      await run(node, [program, "train", "quickstart", ...SHORT, "--out", `run-${version}`]);
      check(existsSync(join(folder, `run-${version}/report.html`)), `run-${version} has no report`);
    }
    const seconds = await processorSeconds(program, run);
    check(
      seconds <= START_SECONDS,
      `--version takes ${seconds} s of processor time, at most ${START_SECONDS}`,
    );
    return `by npx; installed on Node ${NODES.join(", ")}; starts in ${seconds.toFixed(2)} s of processor time`;
  },
};

/** Of five starts the quickest: other work on the machine makes starts slower, never quicker. */
async function processorSeconds(program: string, run: Project["run"]): Promise<number> {
  const seconds: number[] = [];
  for (let start = 0; start < 5; start++) {
    const printed = await run("bash", ["-c", `TIMEFORMAT="%U %S"; time node ${program} --version`]);
    const [user, system] = printed.trim().split("\n").at(-1)!.split(" ").map(Number);
    seconds.push(user! + system!);
  }
  return Math.min(...seconds);
}
