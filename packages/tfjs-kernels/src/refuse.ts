/** Refuses to continue: where, what was given and what was expected, what to do. */
export type Refuse = (where: string, what: string, hint: string) => never;

/**
 * Refusals of one entry point, errors of the same shape as `DdpmError` of `@ddpm/core` (this package depends on
 * tfjs-core only).
 *
 * @param entry `wasm` or `webgpu`
 */
export const refusing =
  (entry: string): Refuse =>
  (where, what, hint) => {
    const place = `tfjs-kernels/${entry}/${where}`;
    throw Object.assign(new Error(`[${place}] ${what} ${hint}`), {
      name: "DdpmError",
      where: place,
      what,
      hint,
    });
  };
