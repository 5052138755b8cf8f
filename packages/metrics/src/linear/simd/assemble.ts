/** WebAssembly's value types. Source: WebAssembly core specification 2.0, section 5.3. */
export const I32 = 0x7f;
export const V128 = 0x7b;

/** Bytes of instructions, or parts of them. */
export type Code = readonly number[];

/** An unsigned number as WebAssembly writes it. Source: section 5.2.2 (LEB128). */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** A signed one. */
function signed(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -0x40 && rest < 0x40) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The instructions that the kernels need. Source: sections 5.4.1–5.4.8. */
export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  constant: (value: number): Code => [0x41, ...signed(value)],
  addI32: [0x6a] as Code,
  subtractI32: [0x6b] as Code,
  addF32: [0x92] as Code,
  /** Repeats its body while the number that the body leaves is not 0. */
  repeat: (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b],
  /** Stores an f32 at address + offset. */
  storeF32: (offset: number): Code => [0x38, 0x02, ...unsigned(offset)],
  /** Four f32 from address + offset, which is a multiple of 16. */
  loadF32x4: (offset: number): Code => [0xfd, 0x00, 0x04, ...unsigned(offset)],
  zeroes: [0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] as Code,
  addF32x4: [0xfd, 0xe4, 0x01] as Code,
  multiplyF32x4: [0xfd, 0xe6, 0x01] as Code,
  /** Swaps the two halves of one vector, given twice. */
  swapHalves: [0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7] as Code,
  lane: (which: number): Code => [0xfd, 0x1f, which],
} as const;

/**
 * A module with one function `run` over a memory of its own, `memory`.
 *
 * @param parameters how many i32 the function takes
 * @param locals     further locals: how many of which type
 */
export function assemble(
  parameters: number,
  locals: readonly (readonly [count: number, type: number])[],
  body: readonly Code[],
): Uint8Array<ArrayBuffer> {
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
  const section = (id: number, bytes: Code): Code => [id, ...sized(bytes)];
  const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);
  const type = [0x60, ...list(new Array<Code>(parameters).fill([I32])), 0x00];
  const code = [...list(locals.map(([count, of]) => [...unsigned(count), of])), ...body.flat(), 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([type])),
    ...section(3, list([[0x00]])),
    ...section(5, list([[0x00, 0x01]])),
    ...section(
      7,
      list([
        [...name("run"), 0x00, 0x00],
        [...name("memory"), 0x02, 0x00],
      ]),
    ),
    ...section(10, list([sized(code)])),
  ]);
}
