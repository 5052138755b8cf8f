import { join } from "node:path";
import { fail } from "@ddpm/core";
import type { Reporter } from "../../output/reporter.ts";
import { trainingCurves } from "../result/curves.ts";
import { type Description, readDescription, varied } from "./description.ts";
import type { CompareFlags } from "./flags.ts";
import { openDrawing } from "./open-drawing.ts";
import type { Plan, Setting } from "./plan.ts";
import { folderOfVariant, isTrained, trainInTurn } from "./train-variants.ts";
import { type Variant, variantsOf } from "./variants.ts";

/**
 * Compares trainings that differ in settings.
 *
 * @throws DdpmError for a description or setting that is wrong, or where nothing varies
 */
export async function trainingPlan(source: string, flags: CompareFlags, reporter: Reporter): Promise<Plan> {
  const { run, vary, set } = await descriptionOf(source, flags);
  const { data, images, skipBad } = flags;
  const variants = await variantsOf(
    { run, vary, set: [...set, ...(flags.set ?? [])] },
    { data, images, skipBad },
  );
  const keys = vary.map(({ key }) => key);
  const out = flags.out ?? join("runs", `compare-${keys.join("-")}`);
  const title = `${run}: ${keys.join(" × ")}`;
  const { train } = variants[0]!.config;
  const settings = variants.map((variant) => settingOf(variant, out, flags, reporter));
  return {
    ...{ title, out, unit: undefined, settings, skipped: [] },
    facts: [["trained on", `${train.images} images each, batches of ${train.batch}`]],
    prepare(own) {
      const wanted = variants.filter((_, i) => own.includes(settings[i]!));
      return trainInTurn(wanted, out, flags, reporter);
    },
    curves: () =>
      trainingCurves(
        variants.map((variant) => ({ name: variant.name, path: folderOfVariant(out, variant).path })),
        title,
      ),
    close() {},
  };
}

async function descriptionOf(source: string, { vary, calls, steps }: CompareFlags): Promise<Description> {
  if (calls ?? steps) fail("cli/training-plan", "--steps and --calls are for --samplers.");
  const given = await readDescription(source);
  const description = { ...given, vary: [...given.vary, ...(vary ?? []).map(varied)] };
  if (description.vary.length === 0)
    fail(
      "cli/training-plan",
      "nothing varies.",
      "Give --vary setting=value,value, or --samplers for one trained run.",
    );
  return description;
}

function settingOf(variant: Variant, out: string, flags: CompareFlags, reporter: Reporter): Setting {
  const { name, repeated } = variant;
  return {
    ...{ name, group: "" },
    ...(repeated === undefined ? {} : { repeated }),
    missing: async () => ((await isTrained(out, variant)) ? undefined : "trained"),
    async open(use) {
      const drawing = await openDrawing(folderOfVariant(out, variant).path, flags, reporter);
      try {
        return await use(drawing);
      } finally {
        drawing.model.close();
      }
    },
  };
}
