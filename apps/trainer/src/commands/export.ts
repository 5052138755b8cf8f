import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { useBackend } from "@ddpm/backends";
import { fail, type Params } from "@ddpm/core";
import { exportWeights, families } from "@ddpm/exchange";
import {
  checkFolder,
  type ExportedFiles,
  type ExportRequest,
  exportedFiles,
  familySpec,
  jsonText,
  layoutOf,
  type SampledRun,
} from "@ddpm/exchange/authoring";
import type { RunConfig } from "@ddpm/runs";
import { parseSettings, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { loadNamedCheckpoint, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { disposeState } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";
import { safetensorsChunks } from "@ddpm/weights";
import { Command } from "commander";
import { readSettings } from "../config/json-text.ts";
import { builtIn } from "../config/user-plugins.ts";
import { readOrigin } from "../exchange/origin.ts";
import { createReporter } from "../output/create-reporter.ts";
import { asUsage } from "../output/usage.ts";
import { withWeightOptions } from "./drawing-options.ts";
import { exportAsOnnx } from "./export-onnx.ts";

interface ExportFlags {
  readonly to: string;
  readonly config?: string;
  readonly what: string;
  readonly out: string;
  readonly raw?: boolean;
  readonly checkpoint: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ddpm export runs/cifar10 --to diffusers --out path/to/pipeline
  ddpm export runs/mine --to lucidrains --out model.safetensors
  ddpm export runs/quickstart --to onnx --out model.onnx`;

/** Not a family of weights: the network itself, for any runtime. */
const ONNX = "onnx";

/** `ddpm export`: a run's weights as another project reads them, or its network for any runtime. */
export function exportCommand(): Command {
  const command = new Command("export")
    .argument("<run>", "folder of a run")
    .requiredOption(
      "--to <family>",
      `project whose names and layouts the weights get: ${families.names.join(", ")}; or ${ONNX}`,
    )
    .requiredOption(
      "--out <file|folder>",
      "file.safetensors, a folder for a diffusers pipeline, or file.onnx",
    )
    .option(
      "--what <function>",
      "with --to onnx: denoiser (x, step → x0, eps) or network (x, noise → output)",
      "denoiser",
    )
    .option(
      "--config <file.json>",
      "arguments of the network as that project names them (default: those of the import, or derived from the run)",
    );
  return withWeightOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, _flags, command: Command) => {
      await runExport(run, command.optsWithGlobals<ExportFlags>());
    });
}

async function runExport(run: string, flags: ExportFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  await asUsage(() => {
    if (existsSync(flags.out)) fail("cli/export", `${flags.out} is there already.`, "Choose another --out.");
  });
  if (flags.to === ONNX) return exportAsOnnx(run, flags, reporter);
  const { chunks, texts } = await asUsage(async () => {
    if (!isFile(flags)) checkFolder(flags.to);
    const config = await readRunConfig(fsStorage(run));
    const denoiser = denoisers.create(builtIn(config.denoiser, "cli/export"));
    await useBackend("cpu", {});
    const { state, meta } = await loadNamedCheckpoint(run, flags.checkpoint);
    const [height, width] = meta.shape as [number, number, number];
    const texts = exportedFiles({
      family: flags.to,
      denoiser: builtIn(config.denoiser, "cli/export"),
      size: [height, width],
      ...(await knownArguments(run, flags)),
      ...(isFile(flags) ? {} : { run: sampledRun(config) }),
      learnsVariance: denoiser.learnsVariance ?? false,
    });
    if (texts.derived && isFile(flags) && existsSync(argumentsFile(flags))) {
      fail("cli/export", `${argumentsFile(flags)} is there already.`, "Choose another --out.");
    }
    const { names } = families.create(familySpec(flags.to, texts.arguments));
    const params: Params = flags.raw ? state.params : (state.ema ?? state.params);
    const chunks = safetensorsChunks(await exportWeights(denoiser, names, params), { format: "pt" });
    disposeState(state);
    return { chunks, texts };
  });
  await mkdir(dirname(flags.out), { recursive: true });
  if (!isFile(flags)) await writeFolder(flags.out, texts, chunks);
  else {
    if (texts.derived) await writeFileAtomic(argumentsFile(flags), jsonText(texts.arguments));
    await writeFileAtomic(flags.out, chunks);
  }
  for (const difference of texts.sampling?.differs ?? []) reporter.say(`warning: ${difference}`);
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  const withArguments = isFile(flags) && texts.derived ? `; its arguments: ${argumentsFile(flags)}` : "";
  reporter.event(
    { event: "done", out: flags.out, bytes, ...texts.sampling },
    `${flags.out}: ${bytes} bytes of weights${withArguments}${callOf(texts)}`,
  );
}

/** The reference's arguments, given or as the run was imported, and the files of the import. */
async function knownArguments(
  run: string,
  { to, config }: ExportFlags,
): Promise<Pick<ExportRequest, "arguments" | "imported">> {
  const origin = await readOrigin(run);
  const imported = origin?.family === to ? origin.files : undefined;
  if (config !== undefined) return { imported, arguments: await readSettings(config, "cli/export") };
  const file = layoutOf((name) => name in (imported ?? {})).config;
  const text = imported?.[file];
  return { imported, arguments: text === undefined ? undefined : parseSettings(text, file, "cli/export") };
}

/** What a scheduler of diffusers needs of a run. */
function sampledRun({ schedule, parameterization, data, sample }: RunConfig): SampledRun {
  const { steps, clip } = sample;
  return {
    schedule: builtIn(schedule, "cli/export"),
    parameterization: builtIn(parameterization, "cli/export"),
    range: data.range,
    sample: {
      sampler: builtIn(sample.sampler, "cli/export"),
      spacing: builtIn(sample.spacing, "cli/export"),
      steps,
      clip,
    },
  };
}

/** How to call the exported pipeline for samples like the run's. */
function callOf({ sampling }: ExportedFiles): string {
  if (!sampling) return "";
  const words = Object.entries(sampling.call).map(
    ([name, value]) => `${name}=${value === true ? "True" : value}`,
  );
  return `; to sample as the run does, call the pipeline with ${words.join(", ")}`;
}

/** The file of the reference's arguments, next to a file of weights. */
function argumentsFile({ out }: ExportFlags): string {
  return out.replace(/\.safetensors$/, ".json");
}

function isFile({ out }: ExportFlags): boolean {
  return out.endsWith(".safetensors");
}

/** Writes a pipeline folder under a temporary name, and renames it when it is whole. */
async function writeFolder(
  out: string,
  { files, layout }: ExportedFiles,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const draft = join(dirname(out), `.${basename(out)}.unfinished`);
  try {
    await rm(draft, { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(draft, name)), { recursive: true });
      await writeFileAtomic(join(draft, name), text);
    }
    await writeFileAtomic(join(draft, layout.weights), chunks);
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
