import { existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { useBackend } from "@ddpm/backends";
import { type Denoiser, fail, isDdpmError, type Params, type Random } from "@ddpm/core";
import { formatCount, type ImageShape, outputChannels, sizeOf } from "@ddpm/core/authoring";
import { families, readScheduler } from "@ddpm/exchange";
import {
  argumentThatFits,
  type FolderLayout,
  familySpec,
  PIPELINE,
  unconfirmedArguments,
} from "@ddpm/exchange/authoring";
import { readFolder, readWeights, weightShapes } from "@ddpm/exchange/node";
import { parseRun, type RunConfig, saveCheckpoint } from "@ddpm/runs";
import { type AnySpec, checkDrawing, checkImages, parseSettings } from "@ddpm/runs/authoring";
import { makeFolder, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { disposeState, initialState } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";
import { Command, Option } from "commander";
import { readUtf8 } from "../config/json-text.ts";
import { type Origin, originFile } from "../exchange/origin.ts";
import { readTextPipeline } from "../exchange/read-text-pipeline.ts";
import { trainedWith } from "../exchange/trained-with.ts";
import { createReporter } from "../output/create-reporter.ts";
import { asUsage } from "../output/usage.ts";
import { buildRun } from "../run/build.ts";
import { beginRun, runFolder } from "../run/folder.ts";
import { sides } from "./numbers.ts";
import { OptionGroup } from "./option-groups.ts";

interface ImportFlags {
  readonly from: string;
  readonly config?: string;
  readonly out: string;
  readonly size?: readonly [height: number, width: number];
  readonly schedule?: string;
  readonly parameterization?: string;
  readonly spacing?: string;
  readonly raw?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ddpm import --from diffusers path/to/ddpm-cifar10-32 --out runs/cifar10
  ddpm import --from openai m.safetensors --config m.json --size 32 --out runs/m
  ddpm import --from edm model.safetensors --config model.json --out runs/edm
  ddpm sample runs/cifar10 --sampler ddim --steps 50

The shapes of the weights do not determine every argument: attention heads and
their order (num_heads, num_head_channels, use_new_attention_order), groups of
the norms, activations. The result names those that fit with other values, too;
a wrong one turns every sample into noise.`;

/** `ddpm import`: weights of a reference implementation become a run. */
export function importCommand(): Command {
  return new Command("import")
    .argument("<file.safetensors|folder>", "the weights, or a folder of a diffusers pipeline or model")
    .optionsGroup(OptionGroup.weights)
    .requiredOption("--from <family>", `reference code that the weights are of: ${families.names.join(", ")}`)
    .option(
      "--config <file.json>",
      "the arguments that the network was built with, as its project names them",
    )
    .option("--raw", "where the file holds averaged weights, too: those as trained")
    .optionsGroup(OptionGroup.trainedWith)
    .option(
      "--schedule <name>",
      "noise schedule that it was trained with (default: the pipeline's; edm inside EDMPrecond; else linear)",
    )
    .option(
      "--parameterization <name>",
      "prediction target of the network: eps, x0, v … (default: the pipeline's; else as usual with the schedule)",
    )
    .optionsGroup(OptionGroup.run)
    .requiredOption("--out <run>", "folder of the run to make")
    .addOption(
      new Option(
        "--size <pixels>",
        "side of the images, or height and width: [16,24] (default: as the configuration says)",
      ).argParser(sides),
    )
    .option(
      "--spacing <name>",
      "steps to sample with (default: trailing; karras for edm and ve; even for other schedules without steps)",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (source: string, _flags, command: Command) => {
      await runImport(source, command.optsWithGlobals<ImportFlags>());
    });
}

async function runImport(source: string, flags: ImportFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const made = await asUsage(async () => {
    if (existsSync(flags.out)) fail("cli/import", `${flags.out} is there already.`, "Choose another --out.");
    await useBackend("cpu", {});
    return readForeign(source, flags);
  });
  const { config, denoiser, params, shape, origin, unverified, autoencoder } = made;
  const folder = runFolder(join(dirname(flags.out), `.${basename(flags.out)}.unfinished`));
  try {
    await rm(folder.path, { recursive: true, force: true });
    await makeFolder(folder.path);
    await beginRun(folder, config, autoencoder && { params: autoencoder });
    const { optimizer, ema } = await buildRun(config);
    const imported = { ...denoiser, init: (_random: Random): Params => params };
    const state = initialState({ denoiser: imported, optimizer, ema, seed: config.seed });
    await saveCheckpoint(folder.storage, state, { config, stream: "imported", shape: [...shape] });
    disposeState(state);
    await writeFileAtomic(originFile(folder.path), `${JSON.stringify(origin, null, 2)}\n`);
    await rename(folder.path, flags.out);
  } catch (error) {
    await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
  const parameters = denoiser.specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
  const { schedule, parameterization } = config;
  const open = Object.entries(unverified).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  reporter.event(
    {
      event: "done",
      run: flags.out,
      denoiser: denoiser.name,
      parameters,
      shape,
      schedule,
      parameterization,
      unverified,
    },
    [
      `${denoiser.name} with ${formatCount(parameters)} parameters for images of ${shape.join("×")}, noise ${specText(schedule)}, output ${specText(parameterization)}: ${flags.out}. ${nextStep(denoiser, flags.out)}`,
      ...(flags.config !== undefined && open.length > 0
        ? [
            `  taken from the configuration, the weights fit other values as well: ${open.join(", ")}. If samples are noise, check these.`,
          ]
        : []),
    ].join("\n"),
  );
}

/** What can be done with the run. */
function nextStep({ channels, learnsVariance, outputs }: Denoiser, run: string): string {
  const made = outputChannels({ channels, learnsVariance, outputs });
  if (made === outputChannels({ channels, learnsVariance })) return `Draw: ddpm sample ${run}`;
  return `Its output of ${made} channels is not a denoiser's: it can be exported, not trained or sampled`;
}

function specText(spec: AnySpec): string {
  return typeof spec === "string" ? spec : String(spec.name);
}

interface Made {
  readonly config: RunConfig;
  readonly denoiser: Denoiser;
  readonly params: Params;
  /** Weights of the autoencoder in whose latents it works. */
  readonly autoencoder?: Params;
  readonly shape: ImageShape;
  readonly origin: Origin;
  /** Arguments of the reference that the file cannot confirm. */
  readonly unverified: Readonly<Record<string, unknown>>;
}

/** What a refusal says, without where it was noticed. @throws the error where it is no refusal */
function messageOf(error: unknown): string {
  if (!isDdpmError(error)) throw error;
  return error.message.replace(/^\[ddpm\/[^\]]*\] /, "");
}

/** Everything read and checked, before anything is written. */
async function readForeign(source: string, flags: ImportFlags): Promise<Made> {
  const files = await filesOf(source, flags);
  const { layout } = files;
  const given = parseSettings(
    files.texts[layout.config]!,
    flags.config ?? join(source, layout.config),
    "cli/import",
  );
  const { spec, names } = families.create(familySpec(flags.from, given));
  const denoiser = denoisers.create(spec);
  const [height, width] = sidesOf(given, denoiser, flags);
  const shape = [height, width, denoiser.channels] as const;
  checkImages(denoiser, shape);
  const pipeline =
    existsSync(source) && statSync(source).isDirectory() ? await readTextPipeline(source) : undefined;
  const factor = pipeline?.factor ?? 1;
  const scheduler = files.texts[layout.scheduler];
  const parts = scheduler
    ? readScheduler(parseSettings(scheduler, layout.scheduler, "cli/import"), join(source, layout.scheduler))
    : await trainedWith(flags, given);
  const config = parseRun(
    {
      name: basename(flags.out),
      about: `weights of ${flags.from}, imported`,
      data: {
        source: "imported",
        size: height === width ? height * factor : [height * factor, width * factor],
      },
      denoiser: spec,
      ...pipeline?.description,
      train: { images: 1_000_000, batch: 32 },
      every: { log: 3200, samples: 50_000, checkpoint: 50_000 },
      ...parts,
    },
    "import",
  );
  const built = await buildRun(config);
  await checkDrawing(config, built);
  const shapes = await weightShapes(files.weights);
  const params = await readWeights(files.weights, denoiser, names, Boolean(flags.raw)).catch((error) =>
    fail("cli/import", messageOf(error), argumentThatFits(flags.from, given, shapes), { cause: error }),
  );
  const unverified = unconfirmedArguments(flags.from, given, shapes);
  const all = { config, shape, unverified, origin: { family: flags.from, files: files.texts } };
  if (!pipeline) return { ...all, denoiser, params };
  const read = { ...params, ...pipeline.textParams };
  return { ...all, denoiser: built.denoiser, params: read, autoencoder: pipeline.autoencoderParams };
}

async function filesOf(
  source: string,
  { from, config }: ImportFlags,
): Promise<{ layout: FolderLayout; weights: string; texts: Readonly<Record<string, string>> }> {
  if (!existsSync(source)) fail("cli/import", `${source} does not exist.`);
  if (!statSync(source).isDirectory()) {
    if (!config)
      fail("cli/import", "the file does not say how its network was built.", "Give --config FILE.json.");
    return {
      layout: PIPELINE,
      weights: source,
      texts: { [PIPELINE.config]: await readUtf8(config, "cli/import") },
    };
  }
  if (from !== "diffusers") fail("cli/import", `a folder is what diffusers writes, and --from is ${from}.`);
  return readFolder(source);
}

function sidesOf(
  given: Readonly<Record<string, unknown>>,
  { size }: Denoiser,
  flags: ImportFlags,
): readonly [number, number] {
  const found: unknown = flags.size ?? size ?? given.img_resolution ?? given.sample_size ?? given.image_size;
  if (typeof found === "number") return [found, found];
  if (Array.isArray(found) && found.length === 2) return [Number(found[0]), Number(found[1])];
  return fail("cli/import", "nothing says how large the images are.", "Give --size.");
}
