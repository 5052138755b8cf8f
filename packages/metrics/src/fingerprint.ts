/**
 * Hash of the parts and their boundaries in 16 hex digits, to distinguish files and settings;
 * not cryptographic.
 */
export function fingerprint(...parts: readonly (string | Uint8Array)[]): string {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  const encoder = new TextEncoder();
  const mix = (value: number): void => {
    low = Math.imul(low ^ value, 0x2c1b3c6d);
    low ^= low >>> 13;
    high = Math.imul(high ^ (value + (low >>> 3)), 0x297a2d39);
    high ^= high >>> 16;
  };
  for (const part of parts) {
    const bytes = typeof part === "string" ? encoder.encode(part) : part;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole = bytes.length - (bytes.length % 4);
    mix(bytes.length);
    for (let at = 0; at < whole; at += 4) mix(view.getUint32(at, true));
    for (let at = whole; at < bytes.length; at++) mix(bytes[at]! | 0x100);
  }
  mix(parts.length);
  mix(0x5bd1e995);
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
