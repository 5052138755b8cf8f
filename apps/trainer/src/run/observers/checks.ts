import { type Check, examine, type HistoryRow } from "@ddpm/trainer";
import type { Observer, Watched } from "./observer.ts";

/** Looks at the log for signs that the training goes bad; each trouble is told and logged once. */
export function checkRows(watched: Watched, checks: readonly Check[]): Observer {
  return {
    async row(row) {
      if ("trouble" in row) return;
      const rows = watched.rows();
      const told = new Set(rows.flatMap(({ trouble }) => (typeof trouble === "string" ? [trouble] : [])));
      const open = checks.filter(({ name }) => !told.has(name));
      for (const finding of examine(open, rows as readonly HistoryRow[])) {
        const { check, images, what, advice } = finding;
        await watched.log({ images: row.images, trouble: check, since: images, what, advice });
        const step = Math.round(images / watched.config.train.batch);
        const goBack = checks.some((one) => one.name === check && one.goBack);
        const gone = goBack && (await watched.goBack(finding));
        const how = goBack && !gone ? ` ${backBefore(watched, images)}` : "";
        watched.reporter.event(
          { event: "trouble", check, images, step, message: what, hint: `${advice}${how}` },
          `look out (${check}, ${images} images, update ${step}): ${what} ${advice}${how}`,
        );
      }
    },
  };
}

/** How to do that with a run: what lies between two log lines is in doubt. */
function backBefore({ folder, rows }: Watched, images: number): string {
  const good = rows().findLast((row) => "step" in row && row.images < images)?.images ?? 0;
  return `To do so with half the rate: ddpm train --resume --out ${folder.path} --back ${good}`;
}
