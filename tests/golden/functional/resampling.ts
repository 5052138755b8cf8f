import { resample } from "../../../packages/unet/src/layers/resampling/resample.ts";
import { unsupported } from "../result.ts";
import { toOurs, toTorch } from "./layout.ts";
import type { Functional, Ours } from "./operation.ts";

const methods = ["nearest", "bilinear", "bicubic", "area"] as const;

/** torch.nn.functional.interpolate with these arguments. */
export function resampling(args: Functional["args"], inputs: Functional["inputs"]): Ours | undefined {
  const method = methods.find((name) => name === args.mode);
  if (!method) return undefined;
  const [height, width] = inputs.x!.shape.slice(2) as [number, number];
  const { size, scale_factor: factor } = args;
  const [down, across] = pairOf(size ?? factor);
  const target: [number, number] =
    size === undefined ? [Math.floor(height * down), Math.floor(width * across)] : [down, across];
  const options = {
    method,
    alignCorners: args.align_corners === true,
    antialias: args.antialias === true,
  };
  return ({ x }) => toTorch(resample(toOurs(x!), target, options));
}

/** A number for both axes, or one for each. */
function pairOf(value: unknown): readonly [number, number] {
  if (typeof value === "number") return [value, value];
  if (Array.isArray(value) && value.length === 2) return value as [number, number];
  return unsupported(`a size of ${JSON.stringify(value)} has no counterpart`);
}
