import { fail } from "../errors.ts";
import { typeCode } from "../onnx/model.ts";
import type { Runtime, RuntimeSession, RuntimeTensor, SessionOptions } from "../runtime/runtime.ts";
import { bytesOf, cText, heapOf, lastError, padded, takeBlock, writeInts } from "./heap.ts";
import { LOG_ERRORS, type OrtModule } from "./module.ts";

/** The synchronous build has no others; the ones for graphics cards are asynchronous. */
export const PROVIDERS: readonly string[] = ["cpu"];

/** `OrtMemoryInfo` of the module's own memory. */
const IN_MEMORY = 1;

type Named = Readonly<Record<string, RuntimeTensor>>;

/** ONNX Runtime in WebAssembly. Inputs are copied into the module's memory, outputs out of it. */
export function wasmRuntime(module: OrtModule): Runtime {
  return {
    name: "onnxruntime-web",
    providers: PROVIDERS,
    tensor: (type, data, dims) => ({ type, data, dims }),
    compile: (model, options) => compile(module, model, options),
  };
}

function compile(module: OrtModule, model: Uint8Array, options: SessionOptions): RuntimeSession {
  if (options.profile)
    fail("tfjs-backend-onnx/runtime", "a browser has no files to write a profile to", "Profile in Node.");
  const session = createSession(module, model);
  const names = new Map<string, number>();
  const pointerTo = (name: string): number => {
    let pointer = names.get(name);
    if (pointer === undefined) {
      pointer = cText(module, name);
      names.set(name, pointer);
    }
    return pointer;
  };
  return {
    run: (feeds, outputs) => run(module, session, pointerTo, feeds, outputs),
    release: () => {
      module._OrtReleaseSession(session);
      for (const pointer of names.values()) module._free(pointer);
    },
  };
}

function createSession(module: OrtModule, model: Uint8Array): number {
  const options = module._OrtCreateSessionOptions(0, false, false, 0, false, 0, 0, LOG_ERRORS, 0, 0);
  if (options === 0) throw lastError(module);
  const block = takeBlock(module, padded(model.length));
  const pointer = block.reserve(model.length);
  heapOf(module).set(model, pointer);
  const session = module._OrtCreateSession(pointer, model.length, options);
  const error = session === 0 ? lastError(module) : null;
  block.free();
  module._OrtReleaseSessionOptions(options);
  if (error) throw error;
  return session;
}

function run(
  module: OrtModule,
  session: number,
  pointerTo: (name: string) => number,
  feeds: Named,
  outputs: Named,
): void {
  const inputs = Object.entries(feeds);
  const results = Object.entries(outputs);
  const all = [...inputs, ...results];
  const sizes = all.map(([, { data, dims }]) => padded(data.byteLength) + padded(4 * dims.length));
  const table = padded(4 * all.length);
  const block = takeBlock(
    module,
    sizes.reduce((a, b) => a + b, 2 * table),
  );
  const handles: number[] = [];
  try {
    const namesAt = block.reserve(4 * all.length);
    const handlesAt = block.reserve(4 * all.length);
    const places = all.map(([, tensor]) => {
      const place = block.reserve(tensor.data.byteLength);
      handles.push(wrap(module, tensor, place, block.reserve(4 * tensor.dims.length)));
      return place;
    });
    const heap = heapOf(module);
    for (const [i, [, { data }]] of inputs.entries()) heap.set(bytesOf(data), places[i]!);
    writeInts(
      module,
      namesAt,
      all.map(([name]) => pointerTo(name)),
    );
    writeInts(module, handlesAt, handles);
    const skip = 4 * inputs.length;
    execute(
      module,
      session,
      [namesAt, handlesAt, inputs.length],
      [namesAt + skip, handlesAt + skip, results.length],
    );
    const filled = heapOf(module);
    for (const [i, [, { data }]] of results.entries()) {
      const place = places[inputs.length + i]!;
      bytesOf(data).set(filled.subarray(place, place + data.byteLength));
    }
  } finally {
    for (const handle of handles) module._OrtReleaseTensor(handle);
    block.free();
  }
}

/** A tensor of ONNX Runtime over memory of the module. */
function wrap(module: OrtModule, { type, data, dims }: RuntimeTensor, place: number, dimsAt: number): number {
  writeInts(module, dimsAt, dims);
  const handle = module._OrtCreateTensor(
    typeCode(type),
    place,
    data.byteLength,
    dimsAt,
    dims.length,
    IN_MEMORY,
  );
  if (handle === 0) throw lastError(module);
  return handle;
}

type Table = readonly [names: number, handles: number, count: number];

function execute(
  module: OrtModule,
  session: number,
  [inputNames, inputs, inputCount]: Table,
  outputs: Table,
): void {
  const options = module._OrtCreateRunOptions(LOG_ERRORS, 0, false, 0);
  const [outputNames, outputHandles, outputCount] = outputs;
  const status = module._OrtRun(
    session,
    inputNames,
    inputs,
    inputCount,
    outputNames,
    outputCount,
    outputHandles,
    options,
  );
  const error = status === 0 ? null : lastError(module);
  module._OrtReleaseRunOptions(options);
  if (error) throw error;
}
