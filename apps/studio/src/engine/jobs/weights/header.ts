import { sizeOf } from "@ddpm/core/authoring";
import { HEADER_LIMIT, readHeader } from "@ddpm/weights/authoring";

/** What the header of a safetensors file tells. */
export interface WeightsHeader {
  /** Shapes by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the names and shapes of a file; its weights stay where they are.
 *
 * @throws DdpmError when it is no safetensors file
 */
export async function headerOf(file: Blob, name: string): Promise<WeightsHeader> {
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const claimed = start.length < 8 ? 0n : new DataView(start.buffer).getBigUint64(0, true);
  // What is too long for any header is refused by these first bytes.
  const wanted = claimed > BigInt(HEADER_LIMIT) ? 8 : 8 + Number(claimed);
  const bytes = new Uint8Array(await file.slice(0, wanted).arrayBuffer());
  const { entries, metadata } = readHeader(bytes, file.size, name);
  return { shapes: new Map(entries.map((entry) => [entry.name, entry.shape])), metadata };
}

/** Numbers in all tensors together. */
export function weightsIn({ shapes }: WeightsHeader): number {
  return [...shapes.values()].reduce((sum, shape) => sum + sizeOf(shape), 0);
}
