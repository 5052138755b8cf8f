import { checkUnlocked, whileLocked } from "@ddpm/runs/node/authoring";
import { checkExtractor } from "../eval/extractor.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { comparedMetrics, measureSettings } from "./measure-settings.ts";
import { drawMissing, firstMissing, type Part, partOf, reportMissing } from "./parts.ts";
import type { CompareFlags } from "./plan/flags.ts";
import type { Plan } from "./plan/plan.ts";
import { samplerPlan } from "./plan/sampler-plan.ts";
import { trainingPlan } from "./plan/training-plan.ts";
import { conclude } from "./result/conclusion.ts";
import { writeComparison } from "./result/files.ts";
import { report } from "./result/report.ts";

/** Compares trainings, or samplers of one network; resumable, with the same table however often it is stopped. */
export async function compare(source: string, flags: CompareFlags, reporter: Reporter): Promise<number> {
  const { count, seed, extractor, against } = flags;
  await asUsage(() => checkExtractor(extractor));
  const metrics = await asUsage(() => comparedMetrics(flags.metrics));
  const plan = await asUsage(() => (flags.samplers ? samplerPlan : trainingPlan)(source, flags, reporter));
  const part = partOf(flags);
  const measuring = { metrics, extractor, against, count, seed };
  try {
    return await alone(plan, part, async () => {
      const status = await prepare(plan, part, count, reporter);
      if (status !== Exit.done) return status;
      const missing = await firstMissing(plan.settings, count);
      if (missing !== undefined) return reportMissing(missing, part, reporter);
      const { results, facts } = await measureSettings(plan.settings, measuring, reporter);
      const comparison = conclude(plan, results, facts, await plan.curves(results));
      const files = await writeComparison(comparison, plan.out, part.shard?.join("-of-"));
      return report(comparison, files, plan.out, reporter);
    });
  } finally {
    plan.close();
  }
}

/** Trains and draws this part's settings; merging does neither. */
async function prepare(plan: Plan, part: Part, count: number, reporter: Reporter): Promise<number> {
  if (part.merge) return Exit.done;
  const own = part.of(plan.settings);
  const status = (await plan.prepare?.(own)) ?? Exit.done;
  if (status === Exit.done) await drawMissing(own, count, reporter);
  return status;
}

/** Locks the folder of trainings, unless it is shared with other parts of one comparison. */
async function alone(plan: Plan, part: Part, work: () => Promise<number>): Promise<number> {
  if (!plan.prepare || part.merge || part.shard) return work();
  await asUsage(() => checkUnlocked(plan.out));
  return whileLocked(plan.out, work);
}
