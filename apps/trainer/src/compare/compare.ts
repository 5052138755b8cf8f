import { join } from "node:path";
import { fail } from "@ddpm/core";
import { folderStore } from "@ddpm/metrics/node";
import { checkUnlocked, makeFolder, whileLocked } from "@ddpm/runs/node";
import type { Overrides } from "../config/load.ts";
import { progressOf, settingsOf } from "../eval/evaluate.ts";
import {
  checkExtractor,
  described as describedExtractor,
  percentOf,
  prepareExtractor,
} from "../eval/extractor.ts";
import type { JudgeFlags } from "../eval/options.ts";
import { cacheOf, featuresOf, openReference } from "../eval/reference.ts";
import { allKept, type Judged, judged, type Sampled, type SampleSettings, sampled } from "../eval/sampled.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { isRun, readRunConfig, runFolder } from "../run/folder.ts";
import { type Model, openModel } from "../run/open-model.ts";
import { cellsOf } from "./cells.ts";
import { sweepCurves, trainingCurves } from "./curves.ts";
import { type Judge, judgeBy, type Result } from "./judge.ts";
import { lines, plainly, writeComparison } from "./output.ts";
import { repeatsOf } from "./repeats.ts";
import { folderOfVariant, isTrained, trainInTurn } from "./train.ts";
import { type Description, described, type Variant, variantsOf, varied } from "./vary.ts";
import { caution, verdictsOf } from "./verdict.ts";

/** The options of `ddpm compare`. */
export interface CompareFlags extends JudgeFlags, Omit<Overrides, "seed"> {
  readonly vary?: readonly string[];
  readonly samplers?: readonly string[];
  readonly steps?: readonly number[];
  readonly calls?: readonly number[];
  readonly slices: number;
  readonly out?: string;
  /** One part of several: which, from 1, and of how many. */
  readonly shard?: readonly [which: number, of: number];
  readonly merge?: boolean;
}

/** Compares trainings, or samplers of one network; resumable, and the same table however often it was stopped. */
export async function compare(source: string, flags: CompareFlags, reporter: Reporter): Promise<number> {
  await asUsage(() => checkExtractor(flags.extractor));
  if (flags.samplers) return sweep(source, flags, flags.samplers, reporter);
  const description = await asUsage(async (): Promise<Description> => {
    if (flags.calls ?? flags.steps) fail("compare", "--steps and --calls are for --samplers.");
    const given = await described(source);
    return { ...given, vary: [...given.vary, ...(flags.vary ?? []).map(varied)] };
  });
  if (description.vary.length === 0)
    throw new UsageError(
      "nothing varies: give --vary setting=value,value, or --samplers for one trained run.",
    );
  return trainings(description, flags, reporter);
}

async function trainings(description: Description, flags: CompareFlags, reporter: Reporter): Promise<number> {
  const variants = await asUsage(() => variantsOf(description, overridesOf(flags)));
  const out = flags.out ?? join("runs", `compare-${description.vary.map(({ key }) => key).join("-")}`);
  const planned = { description, variants, out };
  // Parts of one comparison write to its folder at the same time, each to runs of its own.
  if (flags.shard ?? flags.merge) return trainedVariants(planned, flags, reporter);
  await asUsage(() => checkUnlocked(out));
  return whileLocked(out, () => trainedVariants(planned, flags, reporter));
}

/** Trains what is not trained yet, and compares. */
async function trainedVariants(
  {
    description,
    variants,
    out,
  }: {
    readonly description: Description;
    readonly variants: readonly Variant[];
    readonly out: string;
  },
  flags: CompareFlags,
  reporter: Reporter,
): Promise<number> {
  const own = variants.filter((_, i) => isMine(i, flags));
  if (!flags.merge) {
    const status = await trainInTurn(own, out, flags, reporter);
    if (status !== Exit.done) return status;
    for (const variant of own) {
      await withVariant(variant, async (_, settings, who) => void (await drawn(who, settings)));
    }
  }
  for (const variant of variants) {
    if (!flags.merge && own.includes(variant)) continue;
    const missing = await missingOf(variant);
    if (missing) return notYet(`${variant.name} is not ${missing}`, flags, reporter);
  }
  const results: Result[] = [];
  let facts: Facts | undefined;
  let judge: Judge | undefined;
  for (const variant of variants) {
    await withVariant(variant, async (model, settings, who) => {
      if (!judge) ({ judge, facts } = await judging(model, who.run, flags, reporter));
      const { name, repeated } = variant;
      const about = { name, ...(repeated === undefined ? {} : { repeated }), group: "" };
      results.push(await judge({ ...about, steps: settings.steps }, await drawn(who, settings)));
    });
  }
  const runs = variants.map((variant) => ({
    name: variant.name,
    path: folderOfVariant(out, variant).path,
  }));
  const title = `${description.run}: ${description.vary.map(({ key }) => key).join(" × ")}`;
  const { train } = variants[0]!.config;
  const budget = [["trained on", `${train.images} images each, batches of ${train.batch}`]] as const;
  const curves = await trainingCurves(runs, title);
  return finish(
    { title, out, results, facts: [...budget, ...facts!], curves, left: [], words: "", flags },
    reporter,
  );

  function drawn(who: Judged, settings: SampleSettings): Promise<Sampled> {
    return sampled(who, settings, flags.count, progressOf(reporter, flags.count));
  }

  /** What another part has yet to do: what is being drawn there is not drawn here as well. */
  async function missingOf(variant: Variant): Promise<string | undefined> {
    if (!(await isTrained(out, variant))) return "trained";
    let kept = false;
    await withVariant(variant, async (_, settings, who) => {
      kept = allKept(who, settings, flags.count);
    });
    return kept ? undefined : "drawn";
  }

  async function withVariant(
    variant: Variant,
    use: (model: Model, settings: SampleSettings, who: Judged) => Promise<void>,
  ): Promise<void> {
    const run = folderOfVariant(out, variant).path;
    const model = await openModel("compare", run, modelFlags(flags), reporter);
    try {
      const { steps: _, ...rest } = flags;
      const settings = settingsOf(model, { ...rest, checkpoint: "latest" });
      await use(model, settings, await judged(model, run));
    } finally {
      model.close();
    }
  }
}

async function sweep(
  run: string,
  flags: CompareFlags,
  samplers: readonly string[],
  reporter: Reporter,
): Promise<number> {
  await asUsage(() => {
    if (flags.vary) fail("compare", "--vary trains, --samplers takes what is trained: give one of them.");
    if (flags.calls && flags.steps) fail("compare", "--steps and --calls say the same: give one of them.");
    if (!isRun(runFolder(run)))
      fail("compare", `${run} is no run: it has no config.json.`, "Train one first.");
  });
  const model = await asUsage(() => openModel("compare", run, modelFlags(flags), reporter));
  try {
    const config = await readRunConfig(runFolder(run));
    const unit = flags.steps ? "steps" : "calls";
    const budgets = flags.steps ?? flags.calls ?? [5, 10, 20, 50];
    const {
      sampler: _,
      steps: __,
      ...base
    } = settingsOf(model, { ...flags, steps: 1, checkpoint: "latest" });
    const who = await judged(model, run);
    const { cells, left } = await asUsage(() => cellsOf(who, { samplers, budgets, unit, base }));
    const out = flags.out ?? join(run, "compare");
    if (!flags.merge) {
      const mine = cells.filter((_, i) => isMine(i, flags));
      const progress = progressOf(reporter, mine.length * flags.count);
      for (const [i, { settings }] of mine.entries()) {
        await sampled(who, settings, flags.count, (done, drawn) => progress(i * flags.count + done, drawn));
      }
      reporter.close();
    }
    const missing = cells.find(({ settings }) => !allKept(who, settings, flags.count));
    if (missing)
      return notYet(`${missing.sampler} at ${missing.asked} ${unit} is not drawn`, flags, reporter);
    const { judge, facts } = await judging(model, run, flags, reporter);
    const results: Result[] = [];
    for (const { sampler, asked, settings } of cells) {
      const drawn = await sampled(who, settings, flags.count, () => {});
      results.push(await judge({ name: sampler, group: String(asked), steps: settings.steps }, drawn));
    }
    const title = `${config.name}: samplers by ${unit === "calls" ? "network calls" : "steps"}`;
    const curves = await sweepCurves(results, title);
    return finish({ title, out, results, facts, curves, left, words: unit, flags }, reporter);
  } finally {
    model.close();
  }
}

type Facts = readonly (readonly [name: string, value: string])[];

/** What judges, and the facts that belong beside its numbers. */
async function judging(
  model: Model,
  run: string,
  flags: CompareFlags,
  reporter: Reporter,
): Promise<{ readonly judge: Judge; readonly facts: Facts }> {
  const reference = await asUsage(() => openReference(model, flags.against, (text) => reporter.say(text)));
  try {
    const cache = cacheOf(run);
    const extractor = await asUsage(() =>
      prepareExtractor(flags.extractor, reference.all, cache, reporter, model.backend.compile),
    );
    const told = percentOf(reporter, "the real features");
    const real = await featuresOf(reference.real, extractor, folderStore(cache), told);
    reporter.close();
    const facts = [
      ["samples", `${flags.count} of each setting, seed ${flags.seed}`],
      ["seen by", describedExtractor(extractor)],
      ["beside", reference.description],
      ["backend", model.backend.name],
    ] as const;
    return { judge: judgeBy(real, extractor), facts };
  } finally {
    await reference.close();
  }
}

async function finish(
  given: {
    readonly title: string;
    readonly out: string;
    readonly results: readonly Result[];
    readonly facts: Facts;
    readonly curves: string | undefined;
    readonly left: readonly string[];
    /** Unit of the groups; empty: one group of trainings. */
    readonly words: string;
    readonly flags: CompareFlags;
  },
  reporter: Reporter,
): Promise<number> {
  const { title, out, results, facts, curves, left, words, flags } = given;
  const verdicts = verdictsOf(results, words);
  const repeats = repeatsOf(results);
  const note = caution(words === "", results[0]!.each.length, repeats?.[0]?.results.length);
  const comparison = { title, facts, repeats, results, verdicts, caution: note, left, curves };
  await makeFolder(out);
  const files = await writeComparison(comparison, out, flags.merge ? undefined : flags.shard?.join("-of-"));
  reporter.close();
  for (const [name, value] of facts) reporter.say(`${name}: ${value}`);
  for (const line of ["", ...lines(comparison), ""]) reporter.say(line);
  for (const { said } of verdicts) reporter.say(said);
  reporter.say(note);
  for (const one of left) reporter.say(`left out: ${one}`);
  reporter.event(
    {
      event: "done",
      out,
      files,
      results: results.map(({ each: _, pictures: __, ...rest }) => rest),
      ...(repeats ? { repeats: repeats.map(plainly) } : {}),
      verdicts,
      left,
    },
    `${files.report}, ${files.table}, ${files.grid}, ${files.json}`,
  );
  return Exit.done;
}

/** What the trainings take from the command line: not its seed, which is the samples'. */
function overridesOf({ data, images, set, skipBad }: CompareFlags): Overrides {
  return { data, images, set, skipBad };
}

function isMine(i: number, { shard }: CompareFlags): boolean {
  return shard === undefined || i % shard[1] === shard[0] - 1;
}

/** Ends a shard whose others are not done, or refuses to merge. */
function notYet(what: string, { merge, shard }: CompareFlags, reporter: Reporter): number {
  if (merge || !shard) {
    throw new UsageError(`${what} yet: there is no table before all parts are done.`);
  }
  reporter.event(
    { event: "shard", shard: shard[0], of: shard[1], waiting: what },
    `Part ${shard[0]} of ${shard[1]} is done; ${what} yet. The part that ends last writes the table, or --merge.`,
  );
  return Exit.done;
}

function modelFlags({ backend, threads, seed }: CompareFlags) {
  return {
    seed,
    guidance: 1,
    checkpoint: "latest",
    backend,
    ...(threads === undefined ? {} : { threads }),
  };
}
