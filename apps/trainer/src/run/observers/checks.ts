import type { LogRow } from "@ddpm/runs/authoring";
import { type Check, deadEma, examine, type Finding, type HistoryRow } from "@ddpm/trainer/authoring";
import { inFlags } from "../../output/in-flags.ts";
import { shareOf } from "../young-average.ts";
import type { Observer, Watched } from "./observer.ts";

/** Looks at the log for signs that the training goes wrong; each is reported and logged once. */
export function checkRows(watched: Watched, checks: readonly Check[]): Observer {
  return {
    async row(row) {
      if ("trouble" in row) return;
      const rows = watched.rows();
      for (const finding of examine(open(watched, checks), withShares(watched, rows))) {
        await report(watched, finding, row.images, checks);
      }
    },
    async finish({ images }) {
      // The last pictures are drawn without a line in the log: an average that has hardly begun is reported as for samples.
      const drawn = [...watched.rows(), { images, saturated: 0, ...averageAt(watched, images) }];
      const ofAverages = open(watched, checks).filter(({ name }) => name === deadEma.name);
      for (const finding of examine(ofAverages, withShares(watched, drawn))) {
        await report(watched, finding, images, checks);
      }
    },
  };
}

/** Checks whose trouble is not in the log yet. */
function open(watched: Watched, checks: readonly Check[]): Check[] {
  const known = new Set(watched.rows().map(({ trouble }) => trouble));
  return checks.filter(({ name }) => !known.has(name));
}

/** What a log line after the last update would have of the average: a short run ends before its first line. */
function averageAt({ parts: { ema }, config: { train } }: Watched, images: number): Partial<HistoryRow> {
  const { batch, images: until } = train;
  const step = Math.round(images / batch);
  if (!ema || step === 0) return {};
  return { step, emaDecay: ema.at({ update: step, images: images - batch, batch, until, epoch: until }) };
}

/** The rows with the weight of the initial network in the average, exactly, where it was last measured. */
function withShares({ parts, config }: Watched, rows: readonly LogRow[]): readonly HistoryRow[] {
  const { ema } = parts;
  const last = rows.findLastIndex((row) => typeof row.emaDecay === "number");
  return rows.map((row, i) =>
    ema && i === last ? { ...row, initialShare: shareOf(ema, Number(row.step), config) } : row,
  );
}

async function report(
  watched: Watched,
  { check, images, what, advice }: Finding,
  at: number,
  checks: readonly Check[],
): Promise<void> {
  await watched.log({ images: at, trouble: check, since: images, what, advice });
  const step = Math.round(images / watched.config.train.batch);
  const recoverable = checks.some((one) => one.name === check && one.recoverable);
  const recovers = recoverable && (await watched.recover({ check, images, what, advice }));
  const how = recoverable && !recovers ? ` ${backBefore(watched, images)}` : "";
  const hint = `${inFlags(advice)}${how}`;
  watched.reporter.event(
    { event: "trouble", check, images, step, message: what, hint },
    `look out (${check}, ${images} images, update ${step}): ${what} ${hint}`,
  );
}

/** How to do that with a run: what was trained between two log lines is in doubt. */
function backBefore({ folder, rows }: Watched, images: number): string {
  const good = rows().findLast((row) => "step" in row && row.images < images)?.images ?? 0;
  return `To do so with half the rate: ddpm train --resume --out ${folder.path} --back ${good}`;
}
