import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, fileRefusal } from "@ddpm/core";
import { z } from "zod";
import { parseSettings, readUtf8 } from "../config/json-text.ts";

/** Where a folder of diffusers keeps what; the weights may be in parts, with an index beside them. */
export interface Layout {
  readonly index: string;
  readonly config: string;
  readonly weights: string;
  readonly scheduler: string;
}

/** A pipeline's folder as it is written since 2022. */
export const PIPELINE: Layout = {
  index: "model_index.json",
  config: "unet/config.json",
  weights: "unet/diffusion_pytorch_model.safetensors",
  scheduler: "scheduler/scheduler_config.json",
};

/** Everything beside each other: a model's own folder, and the first published pipelines. */
const FLAT: Layout = {
  index: "model_index.json",
  config: "config.json",
  weights: "diffusion_pytorch_model.safetensors",
  scheduler: "scheduler_config.json",
};

/** The layout by what is there: that of a whole pipeline unless only the other's network is. */
export function layoutOf(has: (file: string) => boolean): Layout {
  return !has(PIPELINE.config) && has(FLAT.config) ? FLAT : PIPELINE;
}

/** What `imported.json` of a run remembers: where its weights came from, so that they can go back unchanged. */
export interface Origin {
  readonly family: string;
  /** Texts of the reference's own configuration files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const schema = z.strictObject({ family: z.string(), files: z.record(z.string(), z.string()) });

/** The file in a run's folder. */
export function originFile(run: string): string {
  return join(run, "imported.json");
}

/** What a run was imported from; none where it was trained here. */
export async function readOrigin(run: string): Promise<Origin | undefined> {
  const file = originFile(run);
  if (!existsSync(file)) return undefined;
  const parsed = schema.safeParse(jsonOf(await readFile(file, "utf8"), file));
  return parsed.success
    ? parsed.data
    : fail("run", `${file} is damaged: ${parsed.error.issues[0]!.message}.`);
}

/** Reads a text file. @throws DdpmError when it cannot be read */
export function readText(path: string): Promise<string> {
  return readUtf8(path, "import");
}

/** Refuses a file that the file system did not give, in words. */
export function unreadable(path: string, cause: Error): never {
  const { what, hint } = fileRefusal(cause) ?? { what: `cannot be read: ${cause.message}`, hint: undefined };
  return fail("import", `${path} ${what}.`, hint, { cause });
}

/** Parses an object. @throws DdpmError naming the file that holds something else */
export function jsonOf(text: string, file: string): Readonly<Record<string, unknown>> {
  return parseSettings(text, file, "import");
}

/**
 * The family's network by its own configuration, without notes such as `_diffusers_version`.
 *
 * @throws DdpmError for a diffusers model of another class
 */
export function familySpec(
  family: string,
  config: Readonly<Record<string, unknown>>,
): { name: string; [option: string]: unknown } {
  const { _class_name: model = "UNet2DModel" } = config;
  if (family === "diffusers" && model !== "UNet2DModel") {
    fail("import", `the network is a ${String(model)}, expected a UNet2DModel.`);
  }
  const options = Object.entries(config).filter(([key]) => !key.startsWith("_") && key !== "name");
  return { ...Object.fromEntries(options), name: family };
}
