import { type Model, openModel } from "../../drawing/open-model.ts";
import { evaluatedCaptions } from "../../eval/captions.ts";
import { openReference } from "../../eval/reference.ts";
import { settingsOf } from "../../eval/samples/sample-settings.ts";
import { sampleSource } from "../../eval/samples/samples.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { CompareFlags } from "./flags.ts";
import type { Drawing } from "./plan.ts";

/** Opens the latest checkpoint of a run to draw with the run's own sampler; `model.close` ends it. */
export async function openDrawing(run: string, compared: CompareFlags, reporter: Reporter): Promise<Drawing> {
  const { backend, threads, seed, spacing, batch } = compared;
  const flags = {
    seed,
    guidance: 1,
    checkpoint: "latest",
    backend,
    ...(threads === undefined ? {} : { threads }),
  };
  const model = await openModel("compare", run, flags, reporter);
  const captions = model.parts.tokenizer && (await captionsOf(model, compared, reporter));
  const own = { seed, batch, ...(spacing === undefined ? {} : { spacing }) };
  const settings = settingsOf(model, own, captions);
  return { model, source: await sampleSource(model, run), settings };
}

/** The captions that samples of a network cycle through, when it reads them. */
async function captionsOf(
  model: Model,
  { against, count }: CompareFlags,
  reporter: Reporter,
): Promise<readonly string[] | undefined> {
  const reference = await openReference(model, against, (text) => reporter.say(text));
  try {
    return await evaluatedCaptions(model, reference, count);
  } finally {
    await reference.close();
  }
}
