import { openModel } from "../../drawing/open-model.ts";
import { settingsOf } from "../../eval/samples/sample-settings.ts";
import { sampleSource } from "../../eval/samples/samples.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { CompareFlags } from "./flags.ts";
import type { Drawing } from "./plan.ts";

/** Opens the latest checkpoint of a run to draw with the run's own sampler; `model.close` ends it. */
export async function openDrawing(
  run: string,
  { backend, threads, seed, spacing, batch }: CompareFlags,
  reporter: Reporter,
): Promise<Drawing> {
  const flags = {
    seed,
    guidance: 1,
    checkpoint: "latest",
    backend,
    ...(threads === undefined ? {} : { threads }),
  };
  const model = await openModel("compare", run, flags, reporter);
  const settings = settingsOf(model, { seed, batch, ...(spacing === undefined ? {} : { spacing }) });
  return { model, source: await sampleSource(model, run), settings };
}
