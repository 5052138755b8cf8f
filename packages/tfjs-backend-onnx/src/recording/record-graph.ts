import { engine, Tensor, tidy } from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "../backend.ts";
import { fail } from "../errors.ts";
import type { Value } from "../graph/operation.ts";
import type { Recording } from "../graph/recorder.ts";
import type { Numbers } from "../runtime/runtime.ts";
import type { DType, Shape } from "../tensor/shape.ts";
import { release, type Stored, storedPlain } from "../tensor/stored.ts";
import { lowerPlain, type RecordedGraph } from "./lower-plain.ts";
import { onRecordingBackend, WHERE } from "./recording-backend.ts";

/** A pure function of named tensors. */
export type GraphFunction = (
  inputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** An input with all of its lengths. */
export interface GraphInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A tensor that the graph holds, in row-major order. */
export interface GraphConstant {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly numbers: Numbers;
}

/**
 * Records a function once, on inputs that have shapes and no numbers, in operators of ai.onnx alone. Whatever backend is
 * current stays so.
 *
 * @param f pure: it reads nothing back
 * @throws OnnxBackendError for kernels without a form in ONNX, reads inside of the function, results that are no tensors
 */
export function recordGraph(
  f: GraphFunction,
  inputs: readonly GraphInput[],
  constants: readonly GraphConstant[],
): RecordedGraph {
  const names = new Map<Stored, string>();
  const named = ({ name, numbers, shape, dtype }: GraphConstant): readonly [string, Stored] => {
    const stored = storedPlain(numbers, shape, dtype, false);
    names.set(stored, name);
    return [name, stored];
  };
  const given = inputs.map((input) => named({ ...input, numbers: new Float32Array(0) }));
  const held = constants.map(named);
  const ports = inputs.map(({ name, shape, dtype }) => ({ name, shape, type: dtype }));
  return onRecordingBackend((backend) => {
    const { recording, outputs } = record(backend, f, given, held);
    try {
      return lowerPlain(recording, outputs, ports, names);
    } finally {
      for (const { leaf } of recording.leaves) if (leaf!.stored) release(leaf!.stored, backend.pool);
    }
  });
}

function record(
  backend: OnnxBackend,
  f: GraphFunction,
  inputs: readonly (readonly [string, Stored])[],
  constants: readonly (readonly [string, Stored])[],
): { readonly recording: Recording; readonly outputs: ReadonlyMap<string, Value> } {
  const outputs = new Map<string, Value>();
  let recording!: Recording;
  tidy(() => {
    const tensors = (all: readonly (readonly [string, Stored])[]): Record<string, Tensor> =>
      Object.fromEntries(
        all.map(([name, stored]) => [
          name,
          engine().makeTensorFromTensorInfo(backend.adoptStored(stored), backend),
        ]),
      );
    ({ recording } = backend.capture(WHERE, () => {
      for (const [name, result] of Object.entries(f(tensors(inputs), tensors(constants)))) {
        if (!(result instanceof Tensor))
          fail(WHERE, `result ${JSON.stringify(name)} is no tensor`, "Return tensors.");
        outputs.set(name, backend.recorded(result));
      }
    }));
  });
  if (outputs.size === 0) fail(WHERE, "the function returns nothing", "Return an object of tensors.");
  return { recording, outputs };
}
