import { type LogRow, readText } from "@ddpm/runs/authoring";
import { stringify } from "csv-stringify/sync";
import type { Observer, Watched } from "./observer.ts";

const PATH = "log.csv";

/**
 * The log as a table, one column per field: `log.csv`. Its columns follow from the configuration, so rows are only added at
 * the end, and `tail -f` continues, also after a resume.
 */
export function csv(watched: Watched): Observer {
  const { storage } = watched.folder;
  const known = columnsOf(watched);
  const columns = (): string[] => [...new Set([...known, ...watched.rows().flatMap(Object.keys)])];
  const head = (): string => stringify([columns()]);
  const line = (row: LogRow): string => stringify([row], { columns: columns() });
  const table = (): string => head() + watched.rows().map(line).join("");
  let started = false;
  const isEmpty = async (): Promise<boolean> => !started && !(await readText(storage, PATH));
  let written: number | undefined;

  return {
    async row(row) {
      const count = columns().length;
      if (count === (written ?? count))
        await storage.append(PATH, ((await isEmpty()) ? head() : "") + line(row));
      else await storage.write(PATH, table());
      started = true;
      written = count;
    },
    async resumeAt() {
      const there = (await readText(storage, PATH)) ?? "";
      const text = watched.rows().length > 0 ? table() : "";
      written = columns().length;
      if (there === text) return;
      if (there.startsWith(text)) await storage.truncate(PATH, Buffer.byteLength(text));
      else await storage.write(PATH, text);
    },
  };
}

/** Every field that a row of this run's log may have. */
function columnsOf({ config, parts: { metric } }: Watched): string[] {
  const averaged = config.train.ema !== null;
  const chosen = metric && metric.name !== "objective-loss" ? [metric.name] : [];
  return [
    ...["images", "step", "loss", "gradientNorm", "learningRate", ...(averaged ? ["emaDecay"] : [])],
    ...["saturated", "dataSaturated", "copied"],
    ...(config.heldOut
      ? ["heldOutLoss", "heldOutError", ...(averaged ? ["heldOutLossRaw"] : []), ...chosen]
      : []),
    ...(config.heldOut ? ["heldOutBuckets"] : []),
    ...["trouble", "since", "what", "advice"],
  ];
}
