/**
 * Refuses to go on, with an error of the same shape as `DdpmError` of `@ddpm/core` (this package depends on tfjs-core only).
 *
 * @param where which kernel, e.g. `Conv2DBackpropFilter`
 * @param what  what was given and what was expected, one sentence
 * @param hint  what to do, one sentence
 * @throws Error named `DdpmError`, always
 */
export function refuse(where: string, what: string, hint: string): never {
  const place = `tfjs-kernels/wasm/${where}`;
  throw Object.assign(new Error(`[ddpm/${place}] ${what} ${hint}`), {
    name: "DdpmError",
    where: place,
    hint,
  });
}
