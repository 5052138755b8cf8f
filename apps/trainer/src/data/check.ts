import { formatCount } from "@ddpm/core/authoring";
import { notUsedInWords } from "@ddpm/data/authoring";
import { checkDataset } from "@ddpm/data/node";
import type { DatasetReport } from "@ddpm/data/node/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { ansiPreview, grid, png } from "@ddpm/viz/images";
import { enlargement } from "../drawing/pictures.ts";
import { createReporter } from "../output/create-reporter.ts";
import { asUsage } from "../output/usage.ts";
import { contactSheet } from "./contact-sheet.ts";
import { dataSettings } from "./data-settings.ts";

/** Flags of `ddpm data check`. */
export interface CheckFlags {
  readonly out: string;
  readonly count: number;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** Reports what a path holds, and draws some of its images. */
export async function check(path: string, { out, count, set, json }: CheckFlags): Promise<void> {
  const reporter = createReporter(Boolean(json));
  const options = await asUsage(() => dataSettings(set));
  const began = performance.now();
  const report = await asUsage(() =>
    checkDataset(path, {
      ...options,
      progress(done, total) {
        const perSecond = done / Math.max(1e-3, (performance.now() - began) / 1000);
        if (done % 16 === 0) reporter.progress({ done, total, unit: "images", perSecond });
      },
    }),
  );
  reporter.close();
  reporter.event({ event: "report", ...report }, described(report));
  const images = await contactSheet(path, { ...options, format: report.format }, count);
  if (images) {
    const sheet = grid(images, { scale: enlargement(images.shape) });
    await writeFileAtomic(out, png(sheet));
    reporter.preview((columns) => ansiPreview(sheet, { columns }));
    reporter.event({ event: "picture", path: out }, out);
  }
  reporter.event({ event: "done", path: report.path, images: report.images, broken: report.broken.length });
}

function described(report: DatasetReport): string {
  const { images, sizes, differentSizes, smallestSide, largestSide, classes, notUsed, broken, duplicates } =
    report;
  const counts = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record)
      .map(([what, number]) => `${formatCount(number)} ${what}`)
      .join(", ");
  const [common] = sizes;
  const size =
    differentSizes <= 1
      ? `${common?.height ?? 0}×${common?.width ?? 0} (rows × columns)`
      : `sides of ${smallestSide} to ${largestSide} pixels, ${differentSizes} different sizes; most are ${common!.height}×${common!.width}`;
  const some = (lines: readonly string[]): string[] =>
    lines.length > 8 ? [...lines.slice(0, 8), `… and ${lines.length - 8} more`] : [...lines];
  const lines = [
    `${report.path}: ${formatCount(images)} images, format ${report.format}`,
    `  size        ${size}`,
    `  stored as   ${counts(report.encodings)}; ${counts(report.colours)}; ${counts(report.depths)}`,
    `  mirroring   ${report.flippable ? "allowed" : "changes what they mean: never flipped"}`,
    classes
      ? `  classes     ${classes.length}: ${some(classes.map(({ name, images: n }) => `${name} (${formatCount(n)})`)).join("; ")}`
      : "  classes     none",
    `  not used    ${notUsed.length === 0 ? "none" : notUsedInWords(notUsed)}`,
    ...some(notUsed.map(({ what, reason }) => `${what}: ${reason}`)).map((line) => `              ${line}`),
    `  broken      ${broken.length === 0 ? "none" : formatCount(broken.length)}`,
    ...some(broken.map(({ file, reason }) => `${file}: ${reason}`)).map((line) => `              ${line}`),
    `  duplicates  ${duplicates.length === 0 ? "none" : `${formatCount(duplicates.length)} images are there more than once`}`,
    ...some(duplicates.map((names) => names.join(" = "))).map((line) => `              ${line}`),
  ];
  if (broken.length > 0) lines.push("Train with --skip-bad to leave the broken ones out, or remove them.");
  if (differentSizes > 1) lines.push("Train with --set data.size=N to bring all to one size.");
  return lines.join("\n");
}
