import type { TensorTree } from "@ddpm/core";
import { mapTree } from "@ddpm/core/step";
import type { Tensor } from "@tensorflow/tfjs-core";

/** The tensors of a nested record by path. */
export function leavesOf(tree: object): Record<string, Tensor> {
  const leaves: Record<string, Tensor> = {};
  mapTree(tree as TensorTree, (tensor, path) => {
    leaves[path] = tensor;
    return tensor;
  });
  return leaves;
}
