import { readGolden } from "./read-golden.ts";
import { type GoldenResult, isRecord } from "./result.ts";

/** Runs networks for point clouds, a Gaussian VAE over two of them, or tables and metrics. */
export async function runFile(path: string): Promise<GoldenResult> {
  const json: unknown = JSON.parse(new TextDecoder().decode(readGolden(path)));
  if (isRecord(json) && "class" in json) return (await import("./points-networks.ts")).runFile(path);
  return (await import("./points-metrics.ts")).runFile(json);
}
