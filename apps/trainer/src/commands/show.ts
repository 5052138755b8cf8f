import { writeFile } from "node:fs/promises";
import { fail, type NoiseSchedule, random, snr } from "@ddpm/core";
import { lint, schedules } from "@ddpm/schedules";
import { ansiPreview, forwardStrip, grid, type Pixels, png, scheduleChart, stages } from "@ddpm/viz";
import { Command, Option } from "commander";
import pc from "picocolors";
import { pluginSpec } from "../config/plugin-spec.ts";
import { imageStreamOf, openImages } from "../data/open-images.ts";
import { createReporter, type Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { noised } from "../run/noised.ts";
import { enlargement } from "../run/pictures.ts";
import { wholeNumber } from "./numbers.ts";

interface ShowFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly seed: number;
  readonly count: number;
  readonly stages: number;
  readonly schedule: string;
  readonly set?: readonly string[];
}

/** `ddpm show`: pictures of what a training is made of. */
export function showCommand(): Command {
  const show = new Command("show").description("pictures: schedules, noising, data");
  show.addCommand(showSchedule());
  show.addCommand(showForward());
  show.addCommand(showData());
  return show;
}

function showSchedule(): Command {
  return new Command("schedule")
    .description("β, ᾱ and log-SNR of any number of schedules, in one picture")
    .argument("<schedules...>", "names, with options after a colon: cosine linear:steps=600")
    .option("--out <file.svg>", "where to draw", "schedules.svg")
    .addHelpText("after", "\nExample:\n  ddpm show schedule linear cosine sigmoid --out schedules.svg")
    .action(async (names: string[], _flags, command: Command) => {
      const { out = "schedules.svg", json } = command.optsWithGlobals<ShowFlags>();
      const reporter = createReporter(Boolean(json));
      const made = await asUsage(() => names.map((name) => schedules.create(pluginSpec(name))));
      await writeFile(out, scheduleChart(made.map((schedule, i) => curvesOf(names[i]!, schedule))));
      for (const [i, schedule] of made.entries()) tellSchedule(reporter, names[i]!, schedule);
      reporter.event({ event: "picture", path: out }, out);
    });
}

/** Times at which curves of schedules without steps are drawn. */
const POINTS = 1000;

function curvesOf(name: string, schedule: NoiseSchedule) {
  const count = schedule.steps ?? POINTS;
  const times = Array.from({ length: count }, (_, i) => (i + 1) / count);
  const levels = times.map((t) => schedule.at(t));
  return {
    name,
    t: times,
    ...(schedule.betas ? { beta: schedule.betas } : {}),
    abar: levels.map(({ alpha, sigma }) => alpha ** 2 / (alpha ** 2 + sigma ** 2)),
    logSnr: levels.map((level) => Math.log(snr(level))),
  };
}

function tellSchedule(reporter: Reporter, name: string, schedule: NoiseSchedule): void {
  const { alpha, sigma } = schedule.at(1);
  const warnings = lint(schedule);
  reporter.event(
    { event: "schedule", name, alpha, sigma, snr: snr({ alpha, sigma }), warnings },
    [
      `${pc.cyan(name)}  at t = 1: signal ${alpha.toPrecision(3)}, noise ${sigma.toPrecision(3)}, SNR ${snr({ alpha, sigma }).toPrecision(3)}`,
      ...warnings.map(({ what, why, do: remedy }) => `  ${pc.yellow("warning")} ${what} ${why} ${remedy}`),
    ].join("\n"),
  );
}

function showForward(): Command {
  return new Command("forward")
    .description("images on their way into noise")
    .argument("<data>", "a folder or file of images, or shapes")
    .option("--schedule <name>", "with options after a colon", "linear")
    .addOption(new Option("--count <n>", "images").default(4).argParser(wholeNumber(1)))
    .addOption(
      new Option("--stages <n>", "stages, the first and the last among them")
        .default(8)
        .argParser(wholeNumber(2)),
    )
    .addOption(new Option("--seed <n>").default(0).argParser(wholeNumber(0)))
    .option("--set <key=value...>", "options of the data, e.g. size=32")
    .option("--out <file.png>", "where to draw", "forward.png")
    .addHelpText("after", "\nExample:\n  ddpm show forward shapes --schedule cosine --stages 8")
    .action(async (source: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<ShowFlags>();
      const schedule = await asUsage(() => schedules.create(pluginSpec(flags.schedule)));
      const images = await asUsage(() => firstImages(source, flags));
      const steps = schedule.steps ?? POINTS;
      const times = stages(steps + 1, flags.stages).map((i) => i / steps);
      const frames = noised(images, schedule, times, random(flags.seed));
      await finish(flags, forwardStrip(frames, { scale: enlargement(images.shape) }), "forward.png");
    });
}

function showData(): Command {
  return new Command("data")
    .description("a batch as the network sees it")
    .argument("<data>", "a folder or file of images, or shapes")
    .addOption(new Option("--count <n>", "images").default(64).argParser(wholeNumber(1)))
    .addOption(new Option("--seed <n>").default(0).argParser(wholeNumber(0)))
    .option("--set <key=value...>", "options of the data, e.g. size=32")
    .option("--out <file.png>", "where to draw", "data.png")
    .addHelpText("after", "\nExample:\n  ddpm show data path/to/pictures --set size=32 --count 36")
    .action(async (source: string, _flags, command: Command) => {
      const flags = command.optsWithGlobals<ShowFlags>();
      const images = await asUsage(() => firstImages(source, flags));
      await finish(flags, grid(images, { scale: enlargement(images.shape) }), "data.png");
    });
}

async function firstImages(source: string, { set = [], seed, count }: ShowFlags) {
  const spec = pluginSpec(set.length > 0 ? `data:${set.join(",")}` : "data:range=symmetric");
  if (typeof spec === "string") return fail("show", `${spec}: no options.`);
  const { name: _, ...options } = spec;
  const data = { range: "symmetric" as const, ...options, source };
  const dataset = await openImages(data, (text) => process.stderr.write(`${text}\n`));
  return imageStreamOf(dataset, { seed, data } as never).read(0, count);
}

async function finish({ out, json }: ShowFlags, picture: Pixels, standard: string): Promise<void> {
  const reporter = createReporter(Boolean(json));
  await writeFile(out ?? standard, png(picture));
  reporter.preview((columns) => ansiPreview(picture, { columns }));
  reporter.event({ event: "picture", path: out ?? standard }, out ?? standard);
}
