/**
 * 16 hex digits that change when any of the parts does: two 32-bit FNV-1a style hashes, not cryptographic.
 * The lengths of the parts count, so that moving a boundary shows.
 */
export function fingerprint(...parts: readonly (string | number | boolean | Uint8Array)[]): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  const add = (bytes: Uint8Array): void => {
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i]!, 0x01000193);
      b = Math.imul(b ^ bytes[i]!, 0x85ebca6b);
      b ^= b >>> 15;
    }
  };
  const text = new TextEncoder();
  for (const part of parts) {
    const bytes = part instanceof Uint8Array ? part : text.encode(String(part));
    add(text.encode(`${bytes.length}:`));
    add(bytes);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
