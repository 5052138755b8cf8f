import { disk, type Files } from "./files.ts";

/** Most bytes that one system call reads or one update of a hash takes: Node.js refuses 2 GiB and more. */
const PIECE = 2 ** 30;

/**
 * All bytes of a file of any size.
 *
 * @param piece bytes read at a time
 * @throws the file system's error, with its code
 */
export async function readWhole(path: string, files: Files = disk, piece = PIECE): Promise<Uint8Array> {
  const handle = await files.open(path, "r");
  try {
    const bytes = new Uint8Array((await handle.stat()).size);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(piece, bytes.length - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await handle.close();
  }
}

/** Bytes as pieces of at most 1 GiB, without copying. */
export function* inPieces(bytes: Uint8Array, piece = PIECE): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}
