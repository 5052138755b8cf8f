import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fail, type Params, type Spec } from "@ddpm/core";
import { disposeState } from "@ddpm/trainer";
import { loadCheckpoint, writeFileAtomic } from "@ddpm/trainer/node";
import { denoisers, exportWeights, families } from "@ddpm/unet";
import { safetensorsChunks } from "@ddpm/weights";
import { Command, Option } from "commander";
import { startBackend } from "../backends/index.ts";
import type { RunConfig } from "../config/schema.ts";
import { familySpec, jsonOf, PIPELINE, readOrigin, readText } from "../foreign/origin.ts";
import { schedulerConfig } from "../foreign/scheduler.ts";
import { createReporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { readRunConfig, runFolder } from "../run/folder.ts";
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
  ddpm export runs/mine --to diffusers --config unet.json --out model.safetensors
  ddpm export runs/quickstart --to onnx --out model.onnx`;

/** Not a family of weights: the network itself, for any runtime. */
const ONNX = "onnx";

/** `ddpm export`: a run's weights as another project reads them, or its network for any runtime. */
export function exportCommand(): Command {
  return new Command("export")
    .description("write a run's weights as another project reads them, or its network as an ONNX model")
    .argument("<run>", "folder of a run")
    .requiredOption("--to <family>", `whose names and layouts: ${families.names.join(", ")}; or ${ONNX}`)
    .requiredOption(
      "--out <file|folder>",
      "file.safetensors, a folder for a diffusers pipeline, or file.onnx",
    )
    .option(
      "--what <function>",
      "of onnx: denoiser (x, step → x0, eps) or network (x, noise → output)",
      "denoiser",
    )
    .option("--config <file.json>", "the network in that project's words (default: as it was imported)")
    .addOption(new Option("--ema", "averaged weights (the default)").conflicts("raw"))
    .option("--raw", "the weights as trained, not their average")
    .option("--checkpoint <which>", "folder of one checkpoint of the run", "latest")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, _flags, command: Command) => {
      await runExport(run, command.optsWithGlobals<ExportFlags>());
    });
}

async function runExport(run: string, flags: ExportFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  await asUsage(() => {
    if (existsSync(flags.out)) fail("export", `${flags.out} is there already.`, "Choose another --out.");
  });
  if (flags.to === ONNX) return exportAsOnnx(run, flags, reporter);
  const { chunks, texts } = await asUsage(async () => {
    const config = await readRunConfig(runFolder(run));
    const texts = await textsOf(run, config, flags);
    const { spec, names } = families.create(
      familySpec(flags.to, jsonOf(texts[PIPELINE.config]!, "the config")),
    );
    checkSame(spec, config.denoiser);
    await startBackend("cpu", {});
    const { state } = await loadCheckpoint(run, flags.checkpoint);
    const params: Params = flags.raw ? state.params : (state.ema ?? state.params);
    const chunks = safetensorsChunks(await exportWeights(denoisers.create(spec), names, params), {
      format: "pt",
    });
    disposeState(state);
    return { chunks, texts };
  });
  await mkdir(dirname(flags.out), { recursive: true });
  if (isFile(flags)) await writeFileAtomic(flags.out, chunks);
  else await writeFolder(flags.out, texts, chunks);
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  reporter.event({ event: "done", out: flags.out, bytes }, `${flags.out}: ${bytes} bytes of weights`);
}

function isFile({ out }: ExportFlags): boolean {
  return out.endsWith(".safetensors");
}

/** The configuration files that go with the weights. */
async function textsOf(run: string, config: RunConfig, flags: ExportFlags): Promise<Record<string, string>> {
  if (!isFile(flags) && flags.to !== "diffusers") {
    fail("export", `${flags.to} has no folders: expected --out to end in .safetensors.`);
  }
  const origin = await readOrigin(run);
  const remembered = origin?.family === flags.to ? origin.files : {};
  const given = flags.config ? { [PIPELINE.config]: await readText(flags.config) } : {};
  const texts: Record<string, string> = { ...remembered, ...given };
  if (!texts[PIPELINE.config]) {
    fail(
      "export",
      `the run was not imported from ${flags.to}.`,
      "Say how that project builds this network: --config FILE.json.",
    );
  }
  if (isFile(flags)) return texts;
  return {
    [PIPELINE.index]: jsonText({
      _class_name: "DDPMPipeline",
      _diffusers_version: "0.35.0",
      scheduler: ["diffusers", "DDPMScheduler"],
      unet: ["diffusers", "UNet2DModel"],
    }),
    ...(texts[PIPELINE.scheduler] ? {} : { [PIPELINE.scheduler]: jsonText(schedulerConfig(config)) }),
    ...texts,
  };
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @throws DdpmError naming the first option that differs */
function checkSame(theirs: Spec, ours: Spec): void {
  const [a, b] = [theirs, ours].map(options) as [Record<string, unknown>, Record<string, unknown>];
  const differs = [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (key) => !isDeepStrictEqual(a[key], b[key]),
  );
  if (differs === undefined) return;
  const said = (value: unknown): string => JSON.stringify(value) ?? "left out";
  fail(
    "export",
    `that configuration builds another network: ${differs} is ${said(a[differs])}, and the run's is ${said(b[differs])}.`,
  );
}

function options(spec: Spec): Record<string, unknown> {
  const { name, ...given } = typeof spec === "string" ? { name: spec } : spec;
  const { groupSize, ...parsed } = denoisers.get(name).schema.parse(given) as Record<string, unknown>;
  return { name, ...parsed, ...(groupSize === undefined || isIdle(parsed, groupSize) ? {} : { groupSize }) };
}

/** Whether the fewest channels of a group make no difference: even the narrowest level has more. */
function isIdle(parsed: Record<string, unknown>, groupSize: unknown): boolean {
  const { width, multipliers, groups } = parsed as { width: number; multipliers: number[]; groups: number };
  return (width * Math.min(...multipliers)) / groups >= Number(groupSize);
}

/** Writes a pipeline folder beside its place, and renames it when it is whole. */
async function writeFolder(
  out: string,
  texts: Readonly<Record<string, string>>,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const draft = join(dirname(out), `.${basename(out)}.unfinished`);
  try {
    await rm(draft, { recursive: true, force: true });
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(draft, name)), { recursive: true });
      await writeFileAtomic(join(draft, name), text);
    }
    await writeFileAtomic(join(draft, PIPELINE.weights), chunks);
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
