import { type Denoiser, fail } from "@ddpm/core";
import { fitsPattern, nearest } from "@ddpm/core/authoring";

/**
 * The same network with some of its parameters not learned: they have no gradients and no moments, and keep their bits.
 *
 * @param patterns names of parameters, `*` standing for any characters: `["down.*", "*.norm1.scale"]`
 * @throws DdpmError for a pattern that no parameter has, with the nearest name
 */
export function freeze(denoiser: Denoiser, patterns: readonly string[]): Denoiser {
  if (patterns.length === 0) return denoiser;
  const names = denoiser.specs.map(({ name }) => name);
  for (const pattern of patterns) {
    if (names.some((name) => fitsPattern(name, pattern))) continue;
    fail("unet/freeze", `no parameter of ${denoiser.name} is called "${pattern}".`, nearest(pattern, names));
  }
  return {
    ...denoiser,
    specs: denoiser.specs.map((spec) =>
      fitsPattern(spec.name, ...patterns) ? { ...spec, trainable: false } : spec,
    ),
  };
}
