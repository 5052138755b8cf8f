import { fail, type ParamSpec, type Params } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { RECOMPUTED } from "../layers/blocks/recompute.ts";
import { type Call, shapeRules } from "./shape-rules.ts";

/** One operation of a traced network. */
export interface Operation {
  /** Path of the layer that it belongs to; empty for the network itself. */
  readonly layer: string;
  readonly multiplyAdds: number;
  /** Of its results; 0 for views. */
  readonly bytes: number;
  /** Scopes of {@link RECOMPUTED} that it ran in, the outermost of each name. */
  readonly scopes: Readonly<Record<keyof typeof RECOMPUTED, number | undefined>>;
  /** Number of the last operation that reads a result of this one; its own where none does. */
  lastUse: number;
}

/** What is known about the numbers behind a tensor. */
interface Origin {
  /** Absent where no parameter had a part in them yet. */
  readonly layer?: string;
  /** A parameter, or made of parameters alone. */
  readonly weight: boolean;
  /** The operation that made them; none for parameters and constants. */
  readonly made?: Operation;
}

const BACKEND = "ddpm-shapes";

/**
 * Runs a network on a backend that has shapes and no numbers: nothing is computed or allocated, whatever the
 * size. The backend of the caller is back afterwards.
 *
 * @param run receives one tensor per spec, and a maker of inputs
 * @returns every operation, in order
 * @throws DdpmError for a kernel whose shapes are not known here, and while a backend is still starting: it can
 *   be put aside only once it is there
 */
export function trace(
  specs: readonly ParamSpec[],
  run: (params: Params, input: (shape: readonly number[], dtype: tf.DataType) => tf.Tensor) => void,
): Operation[] {
  const operations: Operation[] = [];
  const origins = new WeakMap<object, Origin>();
  const kernel = (name: string) => (given: { inputs: object; attrs?: object }) => {
    const inputs = given.inputs as Call["inputs"];
    const call = { inputs, attrs: given.attrs ?? {} };
    const { shapes, dtype, multiplyAdds = 0, view = false, list = false } = shapeRules[name]!(call);
    const read = Object.values(inputs).flatMap(({ dataId }) => origins.get(dataId) ?? []);
    const type = dtype ?? Object.values(inputs)[0]?.dtype ?? "float32";
    const width = type === "bool" ? 1 : 4;
    const layer = layerOf(read, multiplyAdds > 0);
    const bytes = view ? 0 : width * shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    const at = operations.length;
    const scopes = { always: scopeOf(RECOMPUTED.always), asked: scopeOf(RECOMPUTED.asked) };
    const operation = { layer: layer ?? "", multiplyAdds, bytes, scopes, lastUse: at };
    operations.push(operation);
    for (const { made } of read) if (made) made.lastUse = at;
    const weight = read.length > 0 && read.every((origin) => origin.weight);
    const made = view ? read[0]?.made : operation;
    const origin: Origin = { weight, ...(layer === undefined ? {} : { layer }), ...(made ? { made } : {}) };
    const infos = shapes.map((shape) => ({ dataId: {}, shape: [...shape], dtype: type }));
    for (const { dataId } of infos) origins.set(dataId, origin);
    return list ? infos : infos[0]!;
  };

  const input = (shape: readonly number[], dtype: tf.DataType): tf.Tensor => {
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId: {}, shape: [...shape], dtype });
    origins.set(tensor.dataId, { weight: false });
    return tensor;
  };

  onShapes(kernel, () => {
    const params: Record<string, tf.Tensor> = {};
    for (const { name, shape } of specs) {
      const tensor = input(shape, "float32");
      params[name] = tensor;
      origins.set(tensor.dataId, { layer: parent(name), weight: true });
    }
    run(params, input);
  });
  return operations;
}

/** The number of the outermost open tidy scope of this name. */
function scopeOf(name: string): number | undefined {
  return tf.engine().state.scopeStack.find((scope) => scope.name === name)?.id;
}

/** The layer whose weights are used, else what the producers have in common. */
function layerOf(read: readonly Origin[], contracts: boolean): string | undefined {
  const owner = read.find(({ weight }) => weight);
  if (owner) return owner.layer;
  const [first, ...rest] = [...new Set(read.flatMap(({ layer }) => layer ?? []))];
  if (first === undefined) return undefined;
  if (rest.length > 0) return rest.reduce(shared, first);
  // q kᵀ of one joint projection belongs to the block around it.
  return contracts && read.length > 1 ? parent(first) : first;
}

function shared(a: string, b: string): string {
  const [left, right] = [a.split("."), b.split(".")];
  const end = left.findIndex((part, i) => part !== right[i]);
  return left.slice(0, end < 0 ? left.length : end).join(".");
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

function onShapes(
  kernel: (name: string) => (given: { inputs: object; attrs?: object }) => tf.TensorInfo | tf.TensorInfo[],
  run: () => void,
): void {
  const engine = tf.engine();
  const { backendName: before } = engine;
  if ((engine as unknown as { pendingBackendInit: unknown }).pendingBackendInit)
    fail("unet/describe", `the backend ${before} is still starting.`, "Await tf.ready() before describing.");
  tf.registerBackend(BACKEND, shapeBackend);
  for (const kernelName of Object.keys(shapeRules)) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: kernel(kernelName) as unknown as tf.KernelFunc,
    });
  }
  try {
    void tf.setBackend(BACKEND);
    tf.tidy(run);
  } catch (cause) {
    const missing = /Kernel '(\w+)' not registered/.exec((cause as Error).message)?.[1];
    if (!missing) throw cause;
    fail("unet/describe", `what kernel ${missing} makes is not known here.`, undefined, { cause });
  } finally {
    if (before && before in engine.registry) void tf.setBackend(before);
    for (const kernelName of Object.keys(shapeRules)) tf.unregisterKernel(kernelName, BACKEND);
    tf.removeBackend(BACKEND);
  }
}

function shapeBackend(): tf.KernelBackend {
  const unreadable = (): never => fail("unet/describe", "the network reads numbers back while it runs.");
  return Object.assign(new tf.KernelBackend(), {
    floatPrecision: () => 32 as const,
    epsilon: () => 1e-7,
    numDataIds: () => 0,
    write: () => ({}),
    incRef: () => {},
    disposeData: () => true,
    read: unreadable,
    readSync: unreadable,
    dispose: () => {},
  });
}
