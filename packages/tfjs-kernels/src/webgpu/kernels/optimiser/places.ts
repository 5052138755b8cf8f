import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { GraphicsBuffer, ViewingBackend } from "./viewing-backend.ts";

/** A buffer that several tensors share; it goes back to the backend with the last of them. */
export interface Shared {
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

/** Where the tensors of a backend are that share buffers. */
export interface Places {
  find(dataId: object): View | undefined;
  /** Moves a tensor to a view; it takes part in the use of the buffer. */
  enter(dataId: object, view: View): void;
  /** Forgets a tensor, and returns the buffer if it was the last one. */
  leave(dataId: object, view: View): void;
  /** Ends a use of a buffer, and returns it to the backend if it was the last one. */
  release(view: View): void;
  /** Copies the bytes of a view. */
  copy(view: View, to: GraphicsBuffer, at: number): void;
}

/** Starts with no shared buffers. */
export function placesOf(backend: ViewingBackend): Places {
  const { tensorMap, bufferManager } = backend;
  const views = new WeakMap<object, View>();
  const release = ({ shared }: View): void => {
    shared.uses--;
    if (shared.uses === 0 && !shared.external) bufferManager.releaseBuffer(shared.buffer);
  };
  return {
    find: (dataId) => views.get(dataId),
    enter: (dataId, view) => {
      views.set(dataId, view);
      view.shared.uses++;
      tensorMap.get(dataId).resource = view.shared.buffer;
    },
    leave: (dataId, view) => {
      views.delete(dataId);
      tensorMap.get(dataId).resource = null;
      release(view);
    },
    release,
    copy: ({ shared, offset, size }, to, at) =>
      backend.commandEncoder.copyBufferToBuffer(shared.buffer, offset, to, at, size),
  };
}

/** Makes the backend ready for a copy, which cannot stand inside a compute pass. */
export function beginCopies(backend: ViewingBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
}

/** A tensor of its own with the numbers of one that shares a buffer. */
export function copyOf(backend: ViewingBackend, places: Places, dataId: object, view: View): TensorInfo {
  const { shape, dtype } = backend.tensorMap.get(dataId);
  const result = backend.makeTensorInfo(shape, dtype);
  backend.uploadToGPU(result.dataId);
  beginCopies(backend);
  places.copy(view, backend.tensorMap.get(result.dataId).resource!, 0);
  return result;
}
