import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf, type WebgpuBackend } from "../../backend.ts";
import type { GraphicsBuffer, ViewingBackend } from "./viewing-backend.ts";

/** A buffer that several tensors share; it goes back to the backend with the last of them. */
interface Shared {
  readonly buffer: GraphicsBuffer;
  /** It belongs to the caller. */
  readonly external: boolean;
  uses: number;
}

/** Where a tensor is, in bytes. */
export interface View {
  readonly shared: Shared;
  readonly offset: number;
  readonly size: number;
}

/** Tensors of one backend that are parts of buffers. */
export interface Views {
  /** Where a tensor is if it shares a buffer. */
  find(x: TensorInfo): View | undefined;
  /** The same for any tensor; its buffer can be shared from now on. */
  share(x: TensorInfo): View;
  /** A new tensor in a part of a shared buffer; `offset` in bytes, a multiple of 256. */
  make(shared: Shared, offset: number, shape: readonly number[]): TensorInfo;
  /** Copies tensors into one new buffer of `size` bytes, zero elsewhere, and lets them live there from now on. */
  gather(inputs: readonly TensorInfo[], offsets: readonly number[], size: number): Shared;
}

const known = new WeakMap<WebgpuBackend, Views>();

/**
 * The views of a backend. tfjs-backend-webgpu 4.x gives every tensor a buffer of its own, so on first use the methods
 * of this instance that look at buffers learn of parts: those that bind, read and free a tensor.
 */
export function viewsOf(backend: WebgpuBackend): Views {
  const views = known.get(backend) ?? extend(backend as ViewingBackend);
  known.set(backend, views);
  return views;
}

function extend(backend: ViewingBackend): Views {
  const { tensorMap, bufferManager } = backend;
  const views = new WeakMap<object, View>();
  const stock = {
    tensorToBinding: backend.tensorToBinding.bind(backend),
    releaseResource: backend.releaseResource.bind(backend),
    read: backend.read.bind(backend),
    readSync: backend.readSync.bind(backend),
    readToGPU: backend.readToGPU.bind(backend),
  };

  const release = ({ shared }: View): void => {
    shared.uses--;
    if (shared.uses === 0 && !shared.external) bufferManager.releaseBuffer(shared.buffer);
  };
  const enter = (dataId: object, view: View): void => {
    views.set(dataId, view);
    view.shared.uses++;
    tensorMap.get(dataId).resource = view.shared.buffer;
  };
  const share = (x: TensorInfo): View => {
    const found = views.get(x.dataId);
    if (found) return found;
    backend.uploadToGPU(x.dataId);
    const { resource, external = false } = tensorMap.get(x.dataId);
    const view = { shared: { buffer: resource!, external, uses: 0 }, offset: 0, size: resource!.size };
    enter(x.dataId, view);
    return view;
  };
  const copy = ({ shared, offset, size }: View, to: GraphicsBuffer, at: number): void =>
    backend.commandEncoder.copyBufferToBuffer(shared.buffer, offset, to, at, size);
  /** The tensor in a buffer of its own. */
  const alone = (dataId: object, view: View): TensorInfo => {
    const { shape, dtype } = tensorMap.get(dataId);
    const result = backend.makeTensorInfo(shape, dtype);
    backend.uploadToGPU(result.dataId);
    begin(backend);
    copy(view, tensorMap.get(result.dataId).resource!, 0);
    return result;
  };
  /** A view that is not on the host as well. */
  const onDevice = (dataId: object): View | undefined =>
    tensorMap.has(dataId) && !tensorMap.get(dataId).values ? views.get(dataId) : undefined;

  Object.assign(backend, {
    tensorToBinding(tensor: TensorInfo | null) {
      const view = tensor ? views.get(tensor.dataId) : undefined;
      if (!view) return stock.tensorToBinding(tensor);
      return { buffer: view.shared.buffer, offset: view.offset, size: view.size };
    },
    releaseResource(dataId: object) {
      const view = views.get(dataId);
      if (!view) return stock.releaseResource(dataId);
      views.delete(dataId);
      tensorMap.get(dataId).resource = null;
      release(view);
    },
    async read(dataId: object) {
      const view = onDevice(dataId);
      if (!view) return stock.read(dataId);
      const { dataId: own } = alone(dataId, view);
      const values = await stock.read(own);
      backend.disposeData(own);
      if (tensorMap.has(dataId)) tensorMap.get(dataId).values = values;
      return values;
    },
    readSync(dataId: object) {
      const view = onDevice(dataId);
      if (!view) return stock.readSync(dataId);
      const { dataId: own } = alone(dataId, view);
      const values = stock.readSync(own);
      backend.disposeData(own);
      return values;
    },
    readToGPU(dataId: object) {
      const view = views.get(dataId);
      if (!view) return stock.readToGPU(dataId);
      const { dataId: own } = alone(dataId, view);
      const found = stock.readToGPU(own);
      backend.disposeData(own);
      return found;
    },
  });

  return {
    find: (x) => views.get(x.dataId),
    share,
    make(shared, offset, shape) {
      const made = backend.makeTensorInfo(shape, "float32");
      enter(made.dataId, { shared, offset, size: 4 * sizeOf(shape) });
      return made;
    },
    gather(inputs, offsets, size) {
      const from = inputs.map(share);
      const { usage } = from[0]!.shared.buffer;
      const shared: Shared = { buffer: bufferManager.acquireBuffer(size, usage), external: false, uses: 0 };
      begin(backend);
      backend.commandEncoder.clearBuffer(shared.buffer);
      for (const [i, view] of from.entries()) copy(view, shared.buffer, offsets[i]!);
      for (const [i, { dataId }] of inputs.entries()) {
        const before = views.get(dataId)!;
        enter(dataId, { shared, offset: offsets[i]!, size: before.size });
        release(before);
      }
      return shared;
    },
  };
}

/** Makes the backend ready for a copy, which cannot stand inside a compute pass. */
function begin(backend: ViewingBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
}
