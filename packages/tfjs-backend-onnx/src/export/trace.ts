import { engine, Tensor, tidy } from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "../backend.ts";
import { fail } from "../errors.ts";
import type { Value } from "../graph/operation.ts";
import type { Recording } from "../graph/recorder.ts";
import { release, type Stored, storedPlain } from "../tensor/stored.ts";
import { lowerPlain, type PlainGraph, type TracedInput } from "./lower-plain.ts";
import { onTracingBackend, WHERE } from "./tracing-backend.ts";

/** A pure function of named tensors. */
export type ExportedFunction = (
  inputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** What goes into a trace besides the function. */
export interface TraceOptions {
  readonly inputs: readonly TracedInput[];
  readonly constants: ReadonlyMap<string, Stored>;
}

/**
 * Records the function once on tensors that have shapes and no numbers, and lowers the recording to plain ONNX.
 *
 * @throws OnnxBackendError for kernels without a form in ONNX, reads inside of the function, results that are no tensors
 */
export function trace(f: ExportedFunction, { inputs, constants }: TraceOptions): PlainGraph {
  const names = new Map<Stored, string>();
  for (const [name, stored] of constants) names.set(stored, name);
  const given = inputs.map(({ name, shape, dtype }) => {
    const stored = storedPlain(new Float32Array(0), shape, dtype, false);
    names.set(stored, name);
    return [name, stored] as const;
  });
  return onTracingBackend((backend) => {
    const { recording, outputs } = record(backend, f, given, constants);
    try {
      return lowerPlain(recording, outputs, inputs, names);
    } finally {
      for (const { leaf } of recording.leaves) if (leaf!.stored) release(leaf!.stored, backend.pool);
    }
  });
}

function record(
  backend: OnnxBackend,
  f: ExportedFunction,
  inputs: Iterable<readonly [string, Stored]>,
  constants: Iterable<readonly [string, Stored]>,
): { readonly recording: Recording; readonly outputs: ReadonlyMap<string, Value> } {
  const outputs = new Map<string, Value>();
  let recording!: Recording;
  tidy(() => {
    const tensors = (all: Iterable<readonly [string, Stored]>): Record<string, Tensor> =>
      Object.fromEntries(
        [...all].map(([name, stored]) => [
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
