import { fail } from "@ddpm/core";
import type { TrainState } from "@ddpm/trainer";
import * as z from "zod";
import { pathIn, placeOf, type RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";
import { sha256 } from "./sha256.ts";

/** Length and SHA-256 of a file when it was written. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** What `state.json` holds: the numbers of a {@link TrainState}, the other files, and the run's own notes. */
export interface Manifest {
  readonly format: 1;
  readonly images: number;
  readonly step: number;
  readonly sinceLog: number;
  readonly files: Readonly<Record<string, FileFacts>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

const count = z.int().min(0);
const schema = z.strictObject({
  format: z.literal(1),
  images: count,
  step: count,
  sinceLog: count,
  files: z.record(z.string(), z.strictObject({ bytes: count, sha256: z.string() })),
  meta: z.record(z.string(), z.unknown()),
  sha256: z.string(),
});

/** Facts about a file whose bytes come in pieces. */
export async function factsOf(run: RunStorage, pieces: readonly Uint8Array[]): Promise<FileFacts> {
  const bytes = pieces.reduce((total, piece) => total + piece.length, 0);
  return { bytes, sha256: await sha256(pieces, run) };
}

/** The text of `state.json`, with its own checksum as the last field. */
export async function manifestText(
  run: RunStorage,
  { images, step, sinceLog }: TrainState,
  files: Manifest["files"],
  meta: Manifest["meta"],
): Promise<string> {
  const manifest: Manifest = { format: 1, images, step, sinceLog, files, meta };
  return `${JSON.stringify({ ...manifest, sha256: await checksum(run, manifest) }, null, 2)}\n`;
}

/**
 * Reads and checks the `state.json` of a checkpoint.
 *
 * @param path the checkpoint's folder in its run
 * @throws DdpmError when it is missing, is not a manifest, or was changed since it was written
 */
export async function readManifest(run: RunStorage, path: string): Promise<Manifest> {
  const file = pathIn(path, "state.json");
  const place = placeOf(run, file);
  const text = (await readText(run, file)) ?? fail("runs/checkpoint", `${place} is missing.`);
  const parsed = schema.safeParse(jsonOf(text) ?? fail("runs/checkpoint", `${place} is not whole JSON.`));
  if (!parsed.success) {
    const { path: field, message } = parsed.error.issues[0]!;
    fail("runs/checkpoint", `${place}: "${field.join(".")}": ${message}.`);
  }
  const { sha256: expected, ...manifest } = parsed.data;
  if ((await checksum(run, manifest)) !== expected) {
    fail("runs/checkpoint", `${place} does not have the checksum it was written with.`);
  }
  return manifest;
}

function jsonOf(text: string): unknown {
  if (!text.endsWith("}\n")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checksum(run: RunStorage, manifest: Manifest): Promise<string> {
  const { format, images, step, sinceLog, files, meta } = manifest;
  const text = JSON.stringify({ format, images, step, sinceLog, files, meta });
  return sha256([new TextEncoder().encode(text)], run);
}
