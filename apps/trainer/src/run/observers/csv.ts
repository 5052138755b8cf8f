import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { appendFile, cutFile, type LogRow, writeFileAtomic } from "@ddpm/trainer/node";
import { stringify } from "csv-stringify/sync";
import type { Observer, Watched } from "./observer.ts";

/**
 * The log as a table, one column per field: `log.csv`. Its columns follow from the configuration, so rows are only ever added at
 * the end, and `tail -f` goes on, also after a resume.
 */
export function csv(watched: Watched): Observer {
  const path = join(watched.folder.path, "log.csv");
  const known = columnsOf(watched);
  const columns = (): string[] => [...new Set([...known, ...watched.rows().flatMap(Object.keys)])];
  const head = (): string => stringify([columns()]);
  const line = (row: LogRow): string => stringify([row], { columns: columns() });
  const table = (): string => head() + watched.rows().map(line).join("");
  let written: number | undefined;

  return {
    async row(row) {
      const count = columns().length;
      if (count === (written ?? count))
        await appendFile(path, (size) => (size === 0 ? head() : "") + line(row));
      else await writeFileAtomic(path, table());
      written = count;
    },
    async resumeAt() {
      const there = await readFile(path, "utf8").catch(() => "");
      const text = watched.rows().length > 0 ? table() : "";
      written = columns().length;
      if (there === text) return;
      if (there.startsWith(text)) await cutFile(path, Buffer.byteLength(text));
      else await writeFileAtomic(path, text);
    },
  };
}

/** Every field that a row of this run's log may have. */
function columnsOf({ config }: Watched): string[] {
  const averaged = config.train.ema !== null;
  return [
    ...["images", "step", "loss", "gradientNorm", "learningRate", ...(averaged ? ["emaDecay"] : [])],
    ...["saturated", "dataSaturated", "copied"],
    ...(config.heldOut ? ["heldOutLoss", "heldOutError", ...(averaged ? ["heldOutLossRaw"] : [])] : []),
    ...(config.heldOut ? ["heldOutBuckets"] : []),
    ...["trouble", "since", "what", "advice"],
  ];
}
