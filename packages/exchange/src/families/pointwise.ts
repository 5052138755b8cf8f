import { pointwise as network } from "@ddpm/unet";
import type { PointwiseOptions } from "@ddpm/unet/authoring";
import * as z from "zod";
import { type Family, family } from "../family.ts";
import { renaming } from "../weights/names.ts";

/** Complete options of our network. */
type Pointwise = Required<PointwiseOptions>;

const { contextDim, residual, widths } = network.schema.shape as Readonly<Record<string, z.ZodType>>;

/** Networks and state dicts of PointwiseNet in luost26's diffusion-point-cloud. */
export const pointwise: Family = family({
  name: "pointwise",
  about: "PointwiseNet of diffusion-point-cloud.",
  source: "luost26/diffusion-point-cloud models/diffusion.py, class PointwiseNet",
  options: {
    point_dim: z.literal(3).default(3).describe("coordinates of a point; the reference has no other"),
    context_dim: contextDim as z.ZodType<number>,
    residual: residual as z.ZodType<boolean>,
    widths: widths as z.ZodType<number[]>,
  },
  networks: { pointwise: { arguments: argumentsOf } },
  create({ point_dim: channels, context_dim, ...shared }) {
    const count = shared.widths.length;
    return {
      spec: { name: "pointwise", channels, contextDim: context_dim, ...shared },
      names: renaming([
        [/^layer(\d+)\./, "layers.$1."],
        [/^out\./, `layers.${count}.`],
        [/\.dense\./, "._layer."],
        [/\.offset\./, "._hyper_bias."],
        [/\.gate\./, "._hyper_gate."],
      ]),
    };
  },
});

function argumentsOf(given: Pointwise): Readonly<Record<string, unknown>> {
  return { point_dim: given.channels, context_dim: given.contextDim, residual: given.residual };
}
