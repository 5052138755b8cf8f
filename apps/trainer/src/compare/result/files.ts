import { rename } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { grid, type Pixels, png, toPixels } from "@ddpm/viz/images";
import { enlargement } from "../../drawing/pictures.ts";
import type { Comparison } from "./conclusion.ts";
import type { Repeats } from "./repeats.ts";
import { cells, cellsOf, markdown } from "./table.ts";

/** Where the files of a comparison are. */
export interface ComparisonFiles {
  readonly json: string;
  readonly table: string;
  readonly grid: string;
  readonly report: string;
}

/** A repeated setting for JSON. */
export function repeatsAsJson({ name, results, estimates }: Repeats): object {
  return { name, trainings: results.map((one) => one.name), estimates };
}

/**
 * Writes table, numbers, pictures, curves and the page with all of them.
 *
 * @param part the part that writes: parts that end at once write the same, each under temporary names of its own
 */
export async function writeComparison(
  comparison: Comparison,
  out: string,
  part?: string,
): Promise<ComparisonFiles> {
  const write = async (name: string, data: string | Uint8Array): Promise<string> => {
    const path = join(out, name);
    const first = part === undefined ? path : `${path}.${part}`;
    await writeFileAtomic(first, data);
    if (first !== path) await rename(first, path);
    return path;
  };
  await makeFolder(out);
  const { results, curves } = comparison;
  const rows = results.map(({ pictures }) => toPixels(pictures));
  const scale = enlargement(results[0]!.pictures.shape);
  const pictureOf = (row: readonly Pixels[]): Uint8Array =>
    png(grid(row, { columns: rows[0]!.length, scale }));
  const table = await write("table.md", markdown(comparison));
  const gridFile = await write("grid.png", pictureOf(rows.flat()));
  if (curves) await write("curves.svg", curves);
  const plain = asJson(comparison);
  const json = await write("compare.json", `${JSON.stringify(plain, null, 2)}\n`);
  const page = await pageOf(comparison, rows.map(pictureOf), plain);
  return { json, table, grid: gridFile, report: await write("report.html", page) };
}

function asJson({ title, facts, results, repeats, verdicts, caution, skipped }: Comparison): object {
  return {
    title,
    facts: Object.fromEntries(facts),
    results: results.map(({ name, group, steps, calls, estimates }) => ({
      ...{ name, group, steps, calls, estimates },
    })),
    ...(repeats ? { repeats: repeats.map(repeatsAsJson) } : {}),
    verdicts,
    caution,
    skipped,
  };
}

/** The page, with a row of pictures per setting. */
async function pageOf(comparison: Comparison, rows: readonly Uint8Array[], plain: object): Promise<string> {
  const { runReport } = await import("@ddpm/viz/report");
  const { title, facts, results, verdicts, caution, curves } = comparison;
  const [, , ...columns] = cells(comparison)[0]!;
  return runReport({
    title,
    about: [...verdicts.map(({ text }) => text), caution].join(" "),
    facts,
    sections: [
      ...(curves ? [{ title: "Curves", charts: [curves] }] : []),
      {
        title: "From the same noise",
        note: `One row per setting: ${columns.join(", ")} under it.`,
        pictures: rows.map((row, i) => ({ caption: cellsOf(results[i]!).join(" · "), png: row })),
      },
    ],
    settings: plain,
  });
}
