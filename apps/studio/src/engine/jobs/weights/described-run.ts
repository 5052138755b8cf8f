import { type RunConfig, runSchema } from "@ddpm/runs";
import { sidesOf } from "../../../model/configuration/image-settings.ts";
import type { WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { type Made, misfits } from "./fit.ts";
import type { WeightsHeader } from "./header.ts";

/** What does not fit between a file and the network that the visitor described; nothing where all does. */
export function problemsOf(header: WeightsHeader, network: WeightsNetwork, made: Made): string[] {
  return [...sizeProblems(network, made), ...misfits(header, made, network.family)];
}

function sizeProblems({ size }: WeightsNetwork, { denoiser }: Made): string[] {
  const sides = sidesOf(size);
  const tied = denoiser.size?.join(" × ");
  if (tied !== undefined && tied !== sides.join(" × ")) return [`The network takes images of ${tied}.`];
  const odd = sides.find((side) => side % denoiser.multiple !== 0);
  return odd === undefined
    ? []
    : [`The side of its images, ${odd}, is no multiple of ${denoiser.multiple}, which the network requires.`];
}

/** The configuration of a run with these weights. */
export function configOf(
  name: string,
  { schedule, parameterization, size, range = "symmetric" }: WeightsNetwork,
  { spec }: Made,
): RunConfig {
  return runSchema.parse({
    name,
    about: `weights of ${name}`,
    data: { source: "imported", size, range },
    denoiser: spec,
    schedule,
    parameterization,
    train: { images: 1_000_000, batch: 32 },
    every: { log: 3200, samples: 50_000, checkpoint: 50_000 },
  });
}
