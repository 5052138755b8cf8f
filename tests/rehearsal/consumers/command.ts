import { existsSync } from "node:fs";
import { join } from "node:path";
import { NODES, onNode } from "../nodes.ts";
import { installLine } from "../program.ts";
import type { Project } from "../project.ts";
import { type Consumer, check } from "./consumer.ts";

/** A run that ends within seconds. */
const SETTINGS = ["data.size=16", "denoiser.width=8", "sample.count=8", "sample.steps=5"];
const SHORT = ["train", "quickstart", "--set", ...SETTINGS, "--images", "64"];
/** Processor time of `--version`, in seconds. */
const START_SECONDS = 0.5;

/** The command without a clone: by `npx` in an empty folder on each Node; installed for all projects, as docs/start.md says. */
export const command: Consumer = {
  name: "command",
  usual: true,
  fetches: ["@ddpm/cli"],
  async run(project) {
    const { folder, tree, run } = project;
    for (const version of NODES) {
      const out = `run-${version}`;
      const env = await onNode(version, tree);
      const words = ["-y", "@ddpm/cli", ...SHORT, "--backend", "wasm", "--out", out];
      const printed = await run("npx", words, { limit: 600, env });
      check(
        printed.includes(`npx @ddpm/cli sample ${out}`),
        `no command to sample with is printed:\n${printed}`,
      );
      check(existsSync(join(folder, out, "report.html")), `${out} has no report`);
    }
    const sample = ["sample", "run-20", "--count", "4", "--steps", "2"];
    await run("npx", ["-y", "@ddpm/cli", ...sample, "--backend", "wasm"]);
    const seconds = await installedForAll(project);
    return `by npx on Node ${NODES.join(", ")}; installed for all projects, on onnx; starts in ${seconds.toFixed(2)} s of processor time`;
  },
};

/** Installs the command for all projects, below the project's folder, and trains with it. @returns what a start takes */
async function installedForAll({ folder, tree, run }: Project): Promise<number> {
  const line = installLine(tree).replace("--global", "--global --silent --prefix for-all");
  await run("bash", ["-c", line]);
  const PATH = `${join(folder, "for-all/bin")}:${process.env.PATH}`;
  const printed = await run("ddpm", [...SHORT, "--out", "run-for-all"], { env: { PATH } });
  check(printed.includes("onnx"), `not on ONNX Runtime:\n${printed}`);
  check(/\bddpm sample run-for-all/.test(printed), `no command to sample with is printed:\n${printed}`);
  await run("ddpm", ["sample", "run-for-all", "--count", "4", "--steps", "2"], { env: { PATH } });
  const seconds = await processorSeconds(join(folder, "for-all/bin/ddpm"), run);
  check(
    seconds <= START_SECONDS,
    `--version takes ${seconds} s of processor time, at most ${START_SECONDS} expected`,
  );
  return seconds;
}

/** Of five starts the quickest: other work on the machine makes starts slower, never quicker. */
async function processorSeconds(program: string, run: Project["run"]): Promise<number> {
  const seconds: number[] = [];
  for (let start = 0; start < 5; start++) {
    const printed = await run("bash", ["-c", `TIMEFORMAT="%U %S"; time ${program} --version`]);
    const [user, system] = printed.trim().split("\n").at(-1)!.split(" ").map(Number);
    seconds.push(user! + system!);
  }
  return Math.min(...seconds);
}
