import { fail, type Mode, type ParamSpec, type Params, type Random } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Initialiser } from "./initialisers.ts";

/** What a layer needs besides its input: the weights of this call, and whether it is training. */
export interface Run {
  readonly params: Params;
  readonly mode: Mode;
}

/** A layer, built once: weights come in with every call. */
export type Layer<Input extends Tensor, Output extends Tensor = Input> = (run: Run, x: Input) => Output;

/** A declared parameter with the recipe for its first values. */
export interface Declared extends ParamSpec {
  readonly initial: Initialiser;
}

/**
 * Where a network declares its parameters, before any of them exists. Children share the list of the root,
 * so declaration order is the order of {@link declared}.
 */
export interface Scope {
  /** Path so far, e.g. `down.1.res0`; empty at the root. */
  readonly path: string;
  child(name: string | number): Scope;
  /**
   * Declares a parameter and returns its reader.
   *
   * @throws DdpmError when the path is taken
   */
  param(
    name: string,
    shape: readonly number[],
    initial: Initialiser,
    options?: { readonly trainable?: boolean },
  ): <T extends Tensor>(run: Run) => T;
  /** Everything declared under the root, in order. */
  readonly declared: readonly Declared[];
}

/** An empty {@link Scope}. */
export function scope(): Scope {
  const declared: Declared[] = [];
  const taken = new Set<string>();
  const at = (path: string): Scope => ({
    path,
    declared,
    child: (name) => at(path === "" ? `${name}` : `${path}.${name}`),
    param(name, shape, initial, { trainable = true } = {}) {
      const full = path === "" ? name : `${path}.${name}`;
      if (taken.has(full)) fail("unet/scope", `parameter "${full}" is declared twice.`);
      taken.add(full);
      declared.push({ name: full, shape, trainable, initial });
      return <T extends Tensor>(run: Run): T => read(run, full) as T;
    },
  });
  return at("");
}

function read(run: Run, name: string): Tensor {
  return (
    run.params[name] ??
    fail("unet/scope", `parameter "${name}" is missing.`, "Pass all of init's parameters, or load them all.")
  );
}

/** Fresh parameters, one tensor for each that is declared, each from its own fork of `random`. */
export function initialParams(declared: readonly Declared[], random: Random): Params {
  return Object.fromEntries(
    declared.map((spec) => [spec.name, tensor(drawInitial(spec, random), [...spec.shape])]),
  );
}

/** First values of a parameter, drawn from a stream of its own. */
function drawInitial({ name, shape, initial }: Declared, random: Random): Float32Array {
  const count = sizeOf(shape);
  return initial(random.fork(name), count);
}
