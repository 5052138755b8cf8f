import type { Step } from "@ddpm/core/step";
import {
  backend as activeBackend,
  engine,
  type Tensor,
  type TensorContainer,
  tidy,
} from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.ts";
import { fail } from "./errors.ts";
import type { Recording } from "./graph/recorder.ts";
import type { Numbers } from "./runtime/runtime.ts";
import { type Binding, bindCapture, capturedScalarKey, whatDiffers } from "./session/capture.ts";
import { compile } from "./session/compile.ts";
import { execute } from "./session/execute.ts";
import type { Plan } from "./session/plan.ts";
import { release, type Stored } from "./tensor/stored.ts";
import { flatten, type Leaves, type Outline, outlineOf, rebuild } from "./tensor-tree.ts";

/** A step that is replayed; `dispose` frees its graphs and the constants in them, and it may be called again after that. */
export type RecordedStep<Inputs extends object, Outputs extends object> = Step<Inputs, Outputs> & {
  dispose(): void;
};

const WHERE = "tfjs-backend-onnx/compiled-step";

/** Shapes of inputs for which one step keeps a compiled graph. */
const MAX_GRAPHS = 4;

/** A step for one set of input shapes: recorded once, or checked by a second recording and ready to be replayed. */
interface Compiled {
  readonly plan: Plan;
  readonly binding: Binding;
  readonly outline: Outline;
  ready: boolean;
}

/**
 * Makes a step that is recorded twice and from then on replayed without running the function.
 *
 * The function has to be pure and shape-stable. What cannot be replayed is refused when it is seen: a step that reads a
 * result, keeps a tensor, records other operations the second time, or makes other numbers inside (random ones, say) than
 * it made the first time. Other input shapes are recorded again. Under another backend the function simply runs in a tidy.
 *
 * Tensors that the function takes from elsewhere, weights say, are held until `dispose`, or until so many other steps have
 * been compiled that this one is given up (`maxSessions`) and would be recorded again.
 *
 * @returns a function that frees its temporaries, leaves its inputs alone and returns new tensors
 * @throws OnnxBackendError naming the reason if the step cannot be replayed
 */
export function compiledStep<Inputs extends object = Leaves, Outputs extends object = Leaves>(
  step: Step<Inputs, Outputs>,
): RecordedStep<Inputs, Outputs> {
  const graphs = new Map<string, Compiled>();
  let owner: OnnxBackend | null = null;
  const call = (inputs: Inputs): Outputs => {
    const backend = activeBackend();
    if (!(backend instanceof OnnxBackend)) return interpreted(step, inputs);
    const leaves = flatten(inputs);
    if (owner !== backend) graphs.clear();
    owner = backend;
    const key = signatureOf(leaves);
    const known = graphs.get(key);
    if (known?.ready) {
      graphs.delete(key);
      graphs.set(key, known);
      backend.runner.owned.use(known.plan);
      return rebuild(known.outline, replay(backend, known, leaves)) as Outputs;
    }
    const [result, compiled] = record(backend, step, inputs, leaves, known);
    graphs.set(key, compiled);
    if (!known) {
      backend.runner.owned.own(compiled.plan, () => {
        graphs.delete(key);
        giveUpConstants(backend, compiled.binding);
      });
    }
    for (const { plan } of [...graphs.values()].slice(0, -MAX_GRAPHS)) backend.runner.owned.disown(plan);
    return result;
  };
  const dispose = (): void => {
    for (const { plan } of [...graphs.values()]) owner?.runner.owned.disown(plan);
  };
  return Object.assign(call, { dispose });
}

function interpreted<Inputs extends object, Outputs extends object>(
  step: Step<Inputs, Outputs>,
  inputs: Inputs,
): Outputs {
  return tidy(() => step(inputs) as TensorContainer) as Outputs;
}

/** Names, types and shapes of the inputs, in whatever order they come, and which of them share their data: those are one leaf of the graph. */
function signatureOf(inputs: Leaves): string {
  const firstWith = new Map<object, number>();
  return Object.keys(inputs)
    .sort()
    .map((name, i) => {
      const { dtype, shape, dataId } = inputs[name]!;
      if (!firstWith.has(dataId)) firstWith.set(dataId, i);
      return `${name}:${dtype}:${shape}:${firstWith.get(dataId)}`;
    })
    .join(";");
}

/** Runs the function once, compiles or checks what it recorded, and computes its results. */
function record<Inputs extends object, Outputs extends object>(
  backend: OnnxBackend,
  step: Step<Inputs, Outputs>,
  inputs: Inputs,
  given: Leaves,
  before: Compiled | undefined,
): readonly [Outputs, Compiled] {
  const captured = backend.capture(WHERE, () => interpreted(step, inputs));
  const { result, recording, wanted } = captured;
  const results = flatten(result);
  const names = Object.keys(results);
  const data = names.map((name) => backend.dataOf(results[name]!));
  const kept = wanted.find((other) => !data.includes(other));
  if (kept) {
    fail(
      WHERE,
      `the step keeps a ${kept.dtype} tensor of shape [${kept.shape}] that it does not return`,
      "Return it.",
    );
  }
  const values = [...new Set(data.flatMap(({ value }) => (value ? [value] : [])))];
  for (const value of values) recording.signature.push(value.code);
  const inputData = Object.entries(given).map(([name, tensor]) => [name, backend.dataOf(tensor)] as const);
  const sources = data.map((d) => (d.value ? values.indexOf(d.value) : null));
  const binding = bindCapture(recording, names, sources, data, inputData);
  if (before) {
    const difference = whatDiffers(before.plan, before.binding, recording, binding);
    if (difference)
      fail(WHERE, difference, "Make the step pure: what changes from call to call has to be an input.");
  }
  const { options } = backend;
  const plan = before?.plan ?? compilePlan(backend, recording, values, binding);
  const scalars = scalarValues(plan, binding, given, backend);
  const computed = execute(
    plan,
    (leaf) => recording.leaves[leaf]!.leaf!.stored!,
    scalars,
    options.runtime,
    backend.pool,
  );
  for (const [i, tensorData] of data.entries()) {
    const source = sources[i]!;
    if (source === null) continue;
    tensorData.stored = computed[source]!;
    tensorData.stored.references++;
    tensorData.value = null;
  }
  giveUpLeaves(backend, recording, before ? null : binding);
  const outline = outlineOf(result);
  return [result, { plan, binding: before?.binding ?? binding, outline, ready: before !== undefined }];
}

function compilePlan(
  backend: OnnxBackend,
  recording: Recording,
  values: Parameters<typeof compile>[1],
  binding: Binding,
): Plan {
  return compile(recording, values, capturedScalarKey(recording, binding), backend.options);
}

/** Constants that the first recording captured stay; everything else is given up. */
function giveUpLeaves(backend: OnnxBackend, recording: Recording, keeping: Binding | null): void {
  for (const [i, { leaf }] of recording.leaves.entries()) {
    const constant = keeping?.leaves[i]?.kind === "constant";
    if (leaf!.stored && !constant) release(leaf!.stored, backend.pool);
  }
}

/** Gives up the constants that a graph was holding. */
function giveUpConstants(backend: OnnxBackend, { leaves }: Binding): void {
  for (const leaf of leaves) if (leaf.kind === "constant" && leaf.stored) release(leaf.stored, backend.pool);
}

/** Runs a compiled step on new inputs. */
function replay(backend: OnnxBackend, { plan, binding }: Compiled, inputs: Leaves): Leaves {
  const storedOf = (name: string): Stored => {
    const data = backend.dataOf(inputs[name]!);
    if (data.value) backend.flush();
    return (
      data.stored ?? fail(WHERE, `input ${JSON.stringify(name)} was never computed`, "See the first error.")
    );
  };
  const leafOf = (leaf: number): Stored => {
    const source = binding.leaves[leaf]!;
    return source.kind === "input" ? storedOf(source.name) : source.stored!;
  };
  const scalars = scalarValues(plan, binding, inputs, backend);
  const computed = execute(plan, leafOf, scalars, backend.options.runtime, backend.pool);
  const outputs: Record<string, Tensor> = {};
  for (const { name, result, input } of binding.outputs) {
    const stored = result === null ? storedOf(input!) : computed[result]!;
    outputs[name] = engine().makeTensorFromTensorInfo(backend.adoptStored(stored), backend);
  }
  return outputs;
}

function scalarValues(plan: Plan, binding: Binding, inputs: Leaves, backend: OnnxBackend): Numbers[] {
  return plan.scalars.map(({ dtype, classes }) => {
    const values = dtype === "float32" ? new Float32Array(classes.length) : new Int32Array(classes.length);
    for (const [k, [first]] of classes.entries()) {
      const source = binding.leaves[first!]!;
      if (source.kind === "constant") values[k] = source.scalar!;
      else {
        const data = backend.dataOf(inputs[source.name]!);
        if (data.value) backend.flush();
        values[k] = data.stored!.buffer[0]!;
      }
    }
    return values;
  });
}
