import { createHash } from "node:crypto";
import { fail } from "@ddpm/core";
import { z } from "zod";
import type { TrainState } from "../state.ts";

/** Length and SHA-256 of a file, as it was meant to be. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** What state.json says: the numbers of a {@link TrainState}, the files beside it, and the run's own notes. */
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

/** Facts about a file given in pieces. */
export function factsOf(pieces: readonly Uint8Array[]): FileFacts {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** state.json, with its own checksum as last field. */
export function writeManifest(
  { images, step, sinceLog }: TrainState,
  files: Manifest["files"],
  meta: Manifest["meta"],
): string {
  const manifest: Manifest = { format: 1, images, step, sinceLog, files, meta };
  return `${JSON.stringify({ ...manifest, sha256: checksum(manifest) }, null, 2)}\n`;
}

/**
 * Reads and checks state.json.
 *
 * @throws DdpmError when it is not one, or was changed since it was written
 */
export function readManifest(path: string, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (json === undefined || !text.endsWith("}\n")) {
    fail("trainer/checkpoint", `${path} is not whole JSON.`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const { path: field, message } = parsed.error.issues[0]!;
    fail("trainer/checkpoint", `${path}: "${field.join(".")}": ${message}.`);
  }
  const { sha256, ...manifest } = parsed.data;
  if (checksum(manifest) !== sha256) {
    fail("trainer/checkpoint", `${path} does not have the checksum it was written with.`);
  }
  return manifest;
}

function checksum(manifest: Manifest): string {
  const { format, images, step, sinceLog, files, meta } = manifest;
  const text = JSON.stringify({ format, images, step, sinceLog, files, meta });
  return factsOf([new TextEncoder().encode(text)]).sha256;
}
