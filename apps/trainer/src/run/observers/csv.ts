import { join } from "node:path";
import { writeFileAtomic } from "@ddpm/trainer/node";
import { stringify } from "csv-stringify/sync";
import type { Observer, Watched } from "./observer.ts";

/** The log as a table, one column per field: `log.csv`, whenever something is due and at the end. */
export function csv(watched: Watched): Observer {
  const path = join(watched.folder.path, "log.csv");
  const write = async (): Promise<void> => {
    const rows = watched.rows();
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    await writeFileAtomic(path, stringify([...rows], { header: true, columns }));
  };
  return {
    due: write,
    failed: write,
    end: write,
  };
}
