import type { AnySpec } from "@ddpm/runs/authoring";
import * as z from "zod";

/** Not another project's names: those of this one. */
export const OWN = "ddpm";

/** The network of weights that come without their run. */
export interface WeightsNetwork {
  /** Whose names the tensors have: {@link OWN}, or a family of another project. */
  readonly family: string;
  /** The network: a denoiser and its options, or the arguments of the family's own network. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly schedule: AnySpec;
  readonly parameterization: AnySpec;
  /** Side of the images in pixels, or height and width. */
  readonly size: number | readonly [height: number, width: number];
  /** Range of the images; symmetric when left out. */
  readonly range?: string;
  /** Where it was found; absent where it is only a default. */
  readonly found?: string;
}

/** Reads the options that the visitor typed. @throws in words when it is no JSON object */
export function optionsFrom(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Error(`The options are not JSON: ${error instanceof Error ? error.message : error}.`);
  }
  const checked = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!checked.success) throw new Error('The options are an object: {"name": "ho", "width": 32, …}.');
  return checked.data;
}
