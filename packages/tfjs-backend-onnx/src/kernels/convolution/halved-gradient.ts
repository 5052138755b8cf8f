import type { Lowering, Value } from "../../graph/operation.ts";
import type { Geometry } from "../windows/geometry.ts";
import { doubledInputGradient, suitsDoubling } from "./upsampled-convolution.ts";

/**
 * The sums over 2x2 pixels of `dx`, if that is a convolution's input gradient which nobody has needed in full so far:
 * then they are found without it. Null otherwise. The result is stored in blocks of channels.
 */
export function halvedInputGradient(c: Lowering, dx: Value): string | null {
  const { node } = dx;
  if (node?.op.name !== "Conv2DBackpropInput" || !c.isDeferred(dx)) return null;
  const g = node.attributes as unknown as Geometry;
  const [dy, filter] = node.inputs;
  return suitsDoubling(c, g) && node.inputs.length === 2 ? doubledInputGradient(c, dy!, filter!) : null;
}
