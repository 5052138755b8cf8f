import { Tensor } from "@tensorflow/tfjs-core";

/** Tensors by path. */
export type Leaves = Readonly<Record<string, Tensor>>;

/** The form of a nested record: a path in the place of each tensor. */
export type Outline = string | { readonly [name: string]: Outline };

/**
 * The tensors of a nested record by path: names joined by "/", escaped as in JSON Pointer (RFC 6901) so that no two
 * paths are the same. Entries that are undefined are left out.
 */
export function flatten(tree: object): Leaves {
  const leaves: Record<string, Tensor> = {};
  visit(tree, "", (path, tensor) => {
    leaves[path] = tensor;
  });
  return leaves;
}

/** The form of a nested record. */
export function outlineOf(tree: object): Outline {
  return visit(tree, "", () => {});
}

/** A nested record of this form. */
export function rebuild(outline: Outline, leaves: Leaves): object {
  if (typeof outline === "string") return leaves[outline]!;
  return Object.fromEntries(Object.entries(outline).map(([name, below]) => [name, rebuild(below, leaves)]));
}

function visit(tree: object, path: string, leaf: (path: string, tensor: Tensor) => void): Outline {
  if (tree instanceof Tensor) {
    leaf(path, tree);
    return path;
  }
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  const outlines = entries.map(([name, value]) => {
    const key = name.replaceAll("~", "~0").replaceAll("/", "~1");
    return [name, visit(value, path === "" ? key : `${path}/${key}`, leaf)];
  });
  return Object.fromEntries(outlines);
}
