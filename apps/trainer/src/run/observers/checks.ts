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
      for (const { check, images, what, advice } of examine(open, rows as readonly HistoryRow[])) {
        await watched.log({ images: row.images, trouble: check, since: images, what, advice });
        watched.reporter.event(
          { event: "trouble", check, images, message: what, hint: advice },
          `look out (${check}, ${images} images): ${what} ${advice}`,
        );
      }
    },
  };
}
