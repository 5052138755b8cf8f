import type { SampleSettings } from "./settings.ts";

/** The same samples with the `ddpm` command. */
export function commandOf(
  { samplers, spacing, steps, count, seed, label, guidance }: SampleSettings,
  run: string,
): string {
  return samplers
    .map(({ name, options }) => {
      const set = Object.entries(options).map(([option, value]) => `${option}=${value}`);
      const sampler = set.length > 0 ? `${name}:${set.join(",")}` : name;
      const told = typeof label === "number" ? ` --label ${label} --guidance ${guidance}` : "";
      return `ddpm sample ${run} --sampler ${sampler} --spacing ${spacing} --steps ${steps} --count ${count} --seed ${seed}${told}`;
    })
    .join("\n");
}

/** The same samples with the packages; weights and network come from the run's folder. */
export function codeOf({ samplers, spacing, steps, count, seed }: SampleSettings): string {
  const [first] = samplers;
  return `import { random } from "@ddpm/core";
import { denoiseWith, lastOf, sample, samplers, wrappers } from "@ddpm/diffusion";
import { spacings } from "@ddpm/schedules";

// denoiser, params, parameterization, schedule and [height, width, channels]: those of the run.
const denoise = wrappers.create("clip")(denoiseWith({ denoiser, params, parameterization, schedule }));
const images = await lastOf(
  sample({
    denoise,
    schedule,
    sampler: samplers.create(${JSON.stringify({ name: first!.name, ...first!.options })}),
    times: spacings.create(${JSON.stringify(spacing)}).times(${steps}, schedule),
    shape: [${count}, height, width, channels],
    random: random(${seed}).fork("sample"),
  }),
);
`;
}
