import { joined } from "./halves.ts";

/** The safetensors file in the weights that come with the page. */
export async function unpacked(packed: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  const planes = packed.pipeThrough(new DecompressionStream("gzip"));
  return joined(new Uint8Array(await new Response(planes).arrayBuffer()));
}
