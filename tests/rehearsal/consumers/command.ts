import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Consumer, check } from "./consumer.ts";
import { NODES } from "./readme.ts";

/** A run that ends within seconds. */
const SHORT = ["--set", "data.size=16", "denoiser.width=8", "--images", "64", "--backend", "wasm"];

/** The command without a clone: by `npx` in an empty folder, on each Node. */
export const command: Consumer = {
  name: "command",
  usual: true,
  fetches: ["@ddpm/cli"],
  async run({ folder, run }) {
    const printed: string[] = [];
    for (const node of NODES) {
      const words = ["-y", "-p", `node@${node}`, "-p", "@ddpm/cli", "ddpm"];
      printed.push(await run("npx", [...words, "train", "quickstart", ...SHORT, "--out", `run-${node}`]));
      check(existsSync(join(folder, `run-${node}/report.html`)), `run-${node} has no report`);
    }
    const train = await run("npx", ["-y", "@ddpm/cli", "train", "quickstart", ...SHORT, "--out", "run"]);
    const advised = /npx @ddpm\/cli sample (\S+)/.exec(train);
    check(advised !== null, `no command to sample with is printed:\n${train}`);
    await run("npx", [
      "-y",
      "@ddpm/cli",
      "sample",
      "run",
      "--count",
      "4",
      "--steps",
      "2",
      "--backend",
      "wasm",
    ]);
    return `trained on Node ${NODES.join(", ")}; sampled as the message says`;
  },
};
