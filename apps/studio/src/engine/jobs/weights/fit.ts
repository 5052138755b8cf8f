import type { Denoiser, Spec } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import { families } from "@ddpm/exchange";
import type { TensorNames } from "@ddpm/exchange/authoring";
import { denoisers } from "@ddpm/unet";
import { identity } from "@ddpm/weights/authoring";
import { OWN, type WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import type { WeightsHeader } from "./header.ts";

/** A network as it was described, and the names of its weights in the file. */
export interface Made {
  /** The denoiser with its options, for a run's configuration. */
  readonly spec: Spec;
  readonly denoiser: Denoiser;
  readonly names: TensorNames;
}

/** @throws DdpmError for options that make no network */
export function networkOf({ family, options }: Pick<WeightsNetwork, "family" | "options">): Made {
  if (family === OWN) {
    const spec = options as { name: string };
    return {
      spec,
      denoiser: denoisers.create(spec),
      names: ({ name }) => ({ name, layout: identity }),
    };
  }
  const { spec, names } = families.create({ ...options, name: family });
  return { spec, denoiser: denoisers.create(spec), names };
}

const textOf = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/**
 * What does not fit between a file and a network, tensor by tensor: missing ones, others of another shape, and those
 * that the network lacks. Foreign layouts turn axes, so that of their tensors only the sizes are compared here.
 */
export function misfits({ shapes }: WeightsHeader, { denoiser, names }: Made, family: string): string[] {
  const left = new Map([...shapes].map(([name, shape]) => [names.current?.(name) ?? name, shape]));
  const found: string[] = [];
  for (const spec of denoiser.specs) {
    const { name } = names(spec);
    const shape = left.get(name);
    left.delete(name);
    if (!shape) found.push(`${name} is missing, ${textOf(spec.shape)}.`);
    else if (family === OWN ? textOf(shape) !== textOf(spec.shape) : sizeOf(shape) !== sizeOf(spec.shape))
      found.push(`${name} is ${textOf(shape)}, and the network has ${textOf(spec.shape)}.`);
  }
  for (const [name, shape] of left) {
    if (!(name in (names.constants ?? {}))) found.push(`${name} ${textOf(shape)} is not in the network.`);
  }
  return found;
}
