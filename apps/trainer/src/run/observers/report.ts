import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countParams } from "@ddpm/core";
import { formatCount } from "@ddpm/core/authoring";
import type { RunConfig } from "@ddpm/runs";
import { type LogRow, lastingConfig, readRecoveries } from "@ddpm/runs/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import type { ReportPicture, ReportSection, ReportWarning } from "@ddpm/viz/authoring";
import { runReport } from "@ddpm/viz/report";
import type { Observer, Watched } from "./observer.ts";

/** Strips on the page: the first, the last, and some between. */
const STRIPS = 10;

/**
 * Everything that a run has to show, as one page: `report.html`, from the first log line on, written again whenever
 * something is due, and at the end, however it ended.
 */
export function report(watched: Watched): Observer {
  const write = async (): Promise<void> => {
    await writeFileAtomic(watched.folder.report, runReport(await contents(watched)));
  };
  let begun = existsSync(watched.folder.report);
  return {
    async row() {
      if (begun) return;
      begun = true;
      await write();
    },
    due: write,
    failed: write,
    end: write,
    finish: write,
  };
}

async function contents(watched: Watched): Promise<Parameters<typeof runReport>[0]> {
  const { config } = watched;
  return {
    title: config.name,
    about: config.about,
    facts: facts(watched),
    warnings: [...watched.rows().flatMap((row) => troubleOf(row, config)), ...(await wentBack(watched))],
    sections: await sections(watched),
    settings: lastingConfig(config),
  };
}

function facts({ config, parts, backend, shape, rows }: Watched): [string, string][] {
  const last = (field: string): LogRow | undefined =>
    rows().findLast((row) => typeof row[field] === "number");
  const number = (field: string): [string, string][] => {
    const value = last(field)?.[field];
    return typeof value === "number"
      ? [[field === "loss" ? "training loss" : "held-out loss", value.toPrecision(4)]]
      : [];
  };
  const seen = rows().at(-1)?.images ?? 0;
  return [
    ["images seen", `${formatCount(seen)} of ${formatCount(config.train.images)}`],
    ...number("loss"),
    ...number("heldOutLoss"),
    ["network", `${parts.denoiser.name}, ${formatCount(countParams(parts.denoiser.specs))} parameters`],
    ...(parts.trained ? nearness(rows()) : chain(parts)),
    [config.latent ? "latents" : "images", `${shape.join(" × ")} from ${config.data.source}`],
    ["backend", backend.name],
    ["seed", String(config.seed)],
  ];
}

/** What a network of noise levels was trained with. */
function chain({ schedule, parameterization }: Watched["parts"]): [string, string][] {
  return [
    ["schedule", `${schedule.name}${schedule.steps ? `, ${schedule.steps} steps` : ""}`],
    ["target", parameterization.name],
  ];
}

/** How near an autoencoder comes to its images, and what its latents are like. */
function nearness(rows: readonly LogRow[]): [string, string][] {
  const last = (field: string): unknown => rows.findLast((row) => row[field] !== undefined)?.[field];
  const [psnr, ssim] = [last("psnr"), last("ssim")];
  const numbers = (field: string): [string, string][] => {
    const values = last(field);
    const text = Array.isArray(values) ? values.map((value) => Number(value).toPrecision(3)).join(", ") : "";
    return text === "" ? [] : [[field === "latentMean" ? "latents, mean" : "latents, deviation", text]];
  };
  return [
    ...(typeof psnr === "number" ? [["PSNR", `${psnr.toFixed(2)} dB`] as [string, string]] : []),
    ...(typeof ssim === "number" ? [["SSIM", ssim.toFixed(3)] as [string, string]] : []),
    ...numbers("latentMean"),
    ...numbers("latentDeviation"),
  ];
}

function troubleOf({ trouble, what, advice, since }: LogRow, { train }: RunConfig): ReportWarning[] {
  if (typeof trouble !== "string") return [];
  const update = Math.round(Number(since) / train.batch);
  return [{ title: `${trouble}, ${since} images, update ${update}:`, text: `${what} ${advice}` }];
}

async function wentBack({ folder }: Watched): Promise<ReportWarning[]> {
  return (await readRecoveries(folder.storage)).map(({ from, diverged }) => ({
    title: `recovery, ${diverged} images:`,
    text: `back to the checkpoint at ${from} images, from there with half the learning rate.`,
  }));
}

async function sections({ folder, config, parts: { trained } }: Watched): Promise<ReportSection[]> {
  const svg = async (name: string): Promise<string[]> => {
    const path = join(folder.path, name);
    return existsSync(path) ? [await readFile(path, "utf8")] : [];
  };
  const pictures = async (...named: readonly (readonly [string, string])[]): Promise<ReportPicture[]> => {
    const there = named.filter(([path]) => existsSync(path));
    return Promise.all(there.map(async ([path, caption]) => ({ caption, png: await readFile(path) })));
  };
  const strips = stripsOf(folder.samples).map(
    (name) => [join(folder.samples, name), `${formatCount(Number.parseInt(name, 10))} images seen`] as const,
  );
  const all: ReportSection[] = [
    {
      title: trained ? "Images and reconstructions" : "Samples",
      pictures: await pictures(
        [
          folder.finalGrid,
          trained ? "images, and what was made of each beneath it" : "from noise to images: the end",
        ],
        [join(folder.samples, "middle.png"), "the same, half-way"],
      ),
    },
    { title: "Curves", charts: await svg("loss.svg") },
    {
      title: trained ? "The same images, during training" : "From one fixed noise, during training",
      ...(trained ? {} : { note: "Noise at the left; the same noise every time." }),
      pictures: await pictures(...strips),
    },
    {
      title: "What was learned to undo",
      note: config.latent
        ? "Latents of training images, noised step by step, and decoded; and the schedule."
        : "Training images, noised step by step, the noise itself beneath; and the schedule.",
      pictures: await pictures([join(folder.path, "forward.png"), "from image to noise"]),
      charts: await svg("schedule.svg"),
    },
  ];
  return all.filter(({ charts = [], pictures: shown = [] }) => charts.length + shown.length > 0);
}

/** File names of at most {@link STRIPS} strips, equally spaced. */
function stripsOf(folder: string): string[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d+\.png$/.test(name))
    .sort();
  if (names.length <= STRIPS) return names;
  return Array.from(
    { length: STRIPS },
    (_, i) => names[Math.round((i * (names.length - 1)) / (STRIPS - 1))]!,
  );
}
