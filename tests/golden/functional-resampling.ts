import { resample } from "../../packages/unet/src/layers/resample.ts";
import type { Functional, Ours } from "./functional-cases.ts";
import { toOurs, toTorch } from "./functional-layout.ts";

const methods = ["nearest", "bilinear", "bicubic", "area"] as const;

/** torch.nn.functional.interpolate with these arguments. */
export function resampling(args: Functional["args"], inputs: Functional["inputs"]): Ours | undefined {
  const method = methods.find((name) => name === args.mode);
  if (!method) return undefined;
  const [height, width] = inputs.x!.shape.slice(2) as [number, number];
  const factor = args.scale_factor as number | undefined;
  const size = args.size as [number, number] | undefined;
  const target = size ?? [Math.floor(height * factor!), Math.floor(width * factor!)];
  const options = {
    method,
    alignCorners: args.align_corners === true,
    antialias: args.antialias === true,
  };
  return ({ x }) => toTorch(resample(toOurs(x!), target, options));
}
