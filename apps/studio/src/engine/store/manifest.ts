import { z } from "zod";
import { sha256 } from "./sha256.ts";

/** Length and SHA-256 of a file. */
interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

const schema = z.object({
  format: z.literal(1),
  images: z.int().min(0),
  step: z.int().min(0),
  sinceLog: z.int().min(0),
  files: z.record(z.string(), z.object({ bytes: z.int().min(0), sha256: z.string() })),
  meta: z.record(z.string(), z.unknown()),
});

/** `state.json` of a checkpoint, as `@ddpm/trainer/node` writes and reads it. */
export type Manifest = z.output<typeof schema>;

export async function factsOf(bytes: Uint8Array<ArrayBuffer>): Promise<FileFacts> {
  return { bytes: bytes.length, sha256: await sha256(bytes) };
}

/** The text of `state.json`: the numbers, the files beside it, and its own checksum as last field. */
export async function writeManifest({
  format,
  images,
  step,
  sinceLog,
  files,
  meta,
}: Manifest): Promise<string> {
  const manifest = { format, images, step, sinceLog, files, meta };
  const sum = await sha256(new TextEncoder().encode(JSON.stringify(manifest)));
  return `${JSON.stringify({ ...manifest, sha256: sum }, null, 2)}\n`;
}

/** @throws when it is no manifest */
export function readManifest(text: string): Manifest {
  return schema.parse(JSON.parse(text));
}
