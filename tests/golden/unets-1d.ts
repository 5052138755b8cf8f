import { runFile as runDiffusion } from "./diffusion-1d.ts";
import { readGolden } from "./read-golden.ts";
import type { GoldenResult } from "./result.ts";
import { runFile as runNetwork } from "./unets.ts";

/** Runs a network for signals, or losses and sampling runs of a diffusion over one. */
export async function runFile(path: string): Promise<GoldenResult> {
  const json: object = JSON.parse(new TextDecoder().decode(readGolden(path)));
  return "runs" in json ? runDiffusion(path) : runNetwork(path);
}
