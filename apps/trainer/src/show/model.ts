import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { autoencoders } from "@ddpm/autoencoder";
import { imageNetwork } from "@ddpm/autoencoder/authoring";
import type { Denoiser } from "@ddpm/core";
import { formatBytes, formatCount } from "@ddpm/core/authoring";
import { classesInWords } from "@ddpm/data/authoring";
import type { RunConfig } from "@ddpm/runs";
import { classNamesOf, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { denoisers, describe, freeze } from "@ddpm/unet";
import type { Cost, Description } from "@ddpm/unet/authoring";
import { loadRun } from "../config/load.ts";
import { makerOf } from "../config/user-plugins.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { fitRun } from "../run/build.ts";

/** Flags of `ddpm show model`. */
export interface ModelFlags {
  readonly size?: readonly [height: number, width: number];
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** Pixels along each side where neither the command nor the data sets them. */
const SIDE = 32;

/** Says what a network has and costs, layer by layer. */
export async function describeModel(source: string, flags: ModelFlags): Promise<void> {
  const description = await asUsage(async () => {
    const config = await configOf(source, flags);
    const fitted = await fitRun(config, [0, 0, 3]);
    const network = await networkOf(fitted);
    const denoiser = freeze(network, config.train.freeze);
    return describe(denoiser, denoiser.size ?? (await sampleSizeOf(config, flags)));
  });
  const names = isFolder(source) ? await classNamesOf(fsStorage(source)) : undefined;
  report(createReporter(Boolean(flags.json)), description, names);
}

/** The network that is trained: that of the autoencoder, from images to images, in the run of one. */
async function networkOf({ autoencoder, denoiser }: RunConfig): Promise<Denoiser> {
  return autoencoder
    ? imageNetwork((await makerOf(autoencoders, autoencoder.network))())
    : (await makerOf(denoisers, denoiser))();
}

/** Rows and columns of what the network takes: of the latents, where they are known. */
async function sampleSizeOf(config: RunConfig, flags: ModelFlags): Promise<readonly [number, number]> {
  const [height, width] = sizeOf(config, flags);
  const latents = config.latent?.network;
  if (latents === undefined) return [height, width];
  const { factor } = (await makerOf(autoencoders, latents))();
  return [height / factor, width / factor];
}

async function configOf(source: string, { set }: ModelFlags): Promise<RunConfig> {
  if (!isFolder(source)) return loadRun(source, { set });
  await readRunConfig(fsStorage(source));
  return loadRun(join(source, "config.json"), { set });
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function sizeOf({ data }: RunConfig, { size }: ModelFlags): readonly [number, number] {
  const wanted: unknown = size ?? data.size ?? SIDE;
  if (typeof wanted === "number") return [wanted, wanted];
  if (Array.isArray(wanted) && wanted.length === 2) return [wanted[0], wanted[1]];
  throw new UsageError(`data.size is ${JSON.stringify(wanted)}, expected a number or [height, width].`);
}

function report(reporter: Reporter, description: Description, classNames: readonly string[] = []): void {
  const { name, size, layers, total, recomputingBytes } = description;
  const width = Math.max(...layers.map((layer) => layer.name.length), 20);
  const classes = classNames.map((className, number) => ({ number, name: className }));
  reporter.event(
    { event: "model", name, size, ...(classes.length > 0 ? { classes } : {}) },
    [
      `${name} on images of ${size[0]}×${size[1]}; FLOPs and memory of activations are per image`,
      ...(classes.length > 0 ? [`trained on ${classesInWords(classes)}`] : []),
      row(width, ["layer", "parameters", "frozen", "FLOPs", "sampling", "training"]),
    ].join("\n"),
  );
  for (const layer of layers) {
    const { name: path, ...cost } = layer;
    reporter.event(
      { event: "layer", layer: path, ...withFlops(cost) },
      costRow(width, path || "(joins)", cost),
    );
  }
  const sums = costRow(width, "total", total);
  const less = `with train.recompute=blocks, training takes ${formatBytes(recomputingBytes)}`;
  reporter.event(
    { event: "total", ...withFlops(total), recomputingBytes },
    recomputingBytes < total.trainingBytes ? `${sums}\n${less}` : sums,
  );
}

function withFlops(cost: Cost): Cost & { readonly flops: number } {
  return { ...cost, flops: 2 * cost.multiplyAdds };
}

function costRow(width: number, name: string, cost: Cost): string {
  return row(width, [
    name,
    formatCount(cost.parameters),
    formatCount(cost.frozen),
    formatCount(2 * cost.multiplyAdds),
    formatBytes(cost.samplingBytes),
    formatBytes(cost.trainingBytes),
  ]);
}

function row(width: number, [name, ...cells]: readonly string[]): string {
  return [name!.padEnd(width), ...cells.map((cell, i) => cell.padStart([13, 9, 16, 9, 9][i]!))].join(" ");
}
