import type { Tensor } from "@tensorflow/tfjs-core";
import { sizeOf } from "../numbers/size-of.ts";

/** Tensors by path, e.g. `down.1.res0.conv1.kernel`. */
export type Params = Readonly<Record<string, Tensor>>;

/** A new record with `change` applied to every tensor. */
export function mapParams(params: Params, change: (value: Tensor, name: string) => Tensor): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, change(value, name)]));
}

/** Numbers held, over all tensors. */
export function countParams(shapes: Iterable<{ readonly shape: readonly number[] }>): number {
  let total = 0;
  for (const { shape } of shapes) total += sizeOf(shape);
  return total;
}

/** Frees every tensor; the record is of no use afterwards. */
export function disposeParams(params: Params): void {
  for (const value of Object.values(params)) value.dispose();
}
