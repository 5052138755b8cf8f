import { dispose, Tensor, type TensorContainer, tidy } from "@tensorflow/tfjs-core";

/** Tensors in a record, which may be nested; an entry that is undefined is absent. */
export interface TensorTree {
  readonly [name: string]: Tensor | TensorTree | undefined;
}

/**
 * A pure function of a nested record of tensors: the same names and shapes at every call, everything that changes is
 * an input, nothing is read back. Outputs are new tensors.
 */
export type Step<Inputs extends object = TensorTree, Outputs extends object = TensorTree> = (
  inputs: Inputs,
) => Outputs;

/** A step made fast; `dispose`, where present, frees what was kept for that. */
export type CompiledStep<Inputs extends object = TensorTree, Outputs extends object = TensorTree> = Step<
  Inputs,
  Outputs
> & { readonly dispose?: () => void };

/**
 * Makes a step fast: a backend may record the first call and replay it afterwards, and flattens the records for that
 * as it likes. What it returns frees its temporaries and leaves its inputs alone.
 */
export type CompileStep = <Inputs extends object, Outputs extends object>(
  step: Step<Inputs, Outputs>,
) => CompiledStep<Inputs, Outputs>;

/** Runs the step op by op; every temporary is freed at its end. */
export const interpret: CompileStep =
  <Inputs extends object, Outputs extends object>(step: Step<Inputs, Outputs>) =>
  (inputs: Inputs) =>
    tidy(() => step(inputs) as TensorContainer) as Outputs;

/** Frees every tensor of a nested record. */
export function disposeTree(tree: object): void {
  dispose(tree as TensorContainer);
}

/**
 * A nested record of the same form with every tensor replaced.
 *
 * @param change gets each tensor and its path, the names joined by "/"
 */
export function mapTree<Tree extends object>(
  tree: Tree,
  change: (tensor: Tensor, path: string) => Tensor,
  above = "",
): Tree {
  const entries = Object.entries(tree).map(([name, value]) => {
    const path = `${above}${name}`;
    if (value === undefined) return [name, value];
    return [name, value instanceof Tensor ? change(value, path) : mapTree(value, change, `${path}/`)];
  });
  return Object.fromEntries(entries) as Tree;
}

/** The same way to compile, whose steps can be disposed of all at once. */
export function disposable(compile: CompileStep): { readonly compile: CompileStep; dispose(): void } {
  const compiled: { readonly dispose?: () => void }[] = [];
  return {
    compile(step) {
      const made = compile(step);
      compiled.push(made);
      return made;
    },
    dispose() {
      for (const { dispose } of compiled.splice(0)) dispose?.();
    },
  };
}
