import { dirname } from "node:path";
import { useBackend } from "@ddpm/backends";
import { fail } from "@ddpm/core";
import { EXPORTED, type OnnxModelOptions, onnxModel } from "@ddpm/exchange/onnx";
import { readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { loadNamedCheckpoint, makeFolder, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { disposeState } from "@ddpm/trainer";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { buildRun } from "../run/build.ts";

/** The options of `ddpm export --to onnx`. */
export interface OnnxFlags {
  readonly out: string;
  readonly what: string;
  readonly raw?: boolean;
  readonly checkpoint: string;
}

/** Steps of schedules that have no chain of their own. */
const STEPS = 1000;

/** Writes a run's network, or the denoiser made of it, as an ONNX model; reports `done`. */
export async function exportAsOnnx(run: string, flags: OnnxFlags, reporter: Reporter): Promise<void> {
  const model = await asUsage(async () => {
    const what = EXPORTED.find((name) => name === flags.what);
    if (!what) fail("cli/export-onnx", `--what ${flags.what}, expected ${EXPORTED.join(" or ")}.`);
    if (!flags.out.endsWith(".onnx"))
      fail("cli/export-onnx", `--out ${flags.out}, expected a name that ends in .onnx.`);
    const config = await readRunConfig(fsStorage(run));
    const parts = await buildRun(config);
    await useBackend("cpu", {});
    const { state, meta } = await loadNamedCheckpoint(run, flags.checkpoint);
    const averaged = !flags.raw && state.ema !== undefined;
    const bytes = await onnxModel({
      ...parts,
      params: (averaged ? state.ema : undefined) ?? state.params,
      shape: meta.shape as OnnxModelOptions["shape"],
      what,
      steps: STEPS,
      metadata: {
        run: config.name,
        weights: averaged ? "ema" : "raw",
        images: String(state.images),
        schedule: JSON.stringify(config.schedule),
        parameterization: JSON.stringify(config.parameterization),
        range: config.data.range === "unit" ? "[0, 1]" : "[-1, 1]",
      },
    });
    disposeState(state);
    return bytes;
  });
  await makeFolder(dirname(flags.out));
  await writeFileAtomic(flags.out, model);
  reporter.event(
    { event: "done", out: flags.out, bytes: model.length, what: flags.what },
    `${flags.out}: ${model.length} bytes, the ${flags.what} with a free batch`,
  );
}
