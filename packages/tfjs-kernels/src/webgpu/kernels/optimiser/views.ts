import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import type { WebgpuBackend } from "../../backend.ts";
import { bindPlaces } from "./bind-places.ts";
import { beginCopies, placesOf, type Shared, type View } from "./places.ts";
import type { ViewingBackend } from "./viewing-backend.ts";

/** Tensors of one backend that are parts of buffers. */
export interface Views {
  /** Where a tensor is if it shares a buffer. */
  find(x: TensorInfo): View | undefined;
  /** The same for any tensor; its buffer can be shared from now on. */
  share(x: TensorInfo): View;
  /** A new tensor in a part of a shared buffer; `offset` in bytes, a multiple of 256. */
  make(shared: Shared, offset: number, shape: readonly number[]): TensorInfo;
  /** Copies tensors into one new buffer of `size` bytes, zero elsewhere, where they stay from now on. */
  gather(inputs: readonly TensorInfo[], offsets: readonly number[], size: number): Shared;
}

const known = new WeakMap<WebgpuBackend, Views>();

/** The views of a backend; on first use its methods learn of parts of buffers. */
export function viewsOf(backend: WebgpuBackend): Views {
  const views = known.get(backend) ?? makeViews(backend as ViewingBackend);
  known.set(backend, views);
  return views;
}

function makeViews(backend: ViewingBackend): Views {
  const { tensorMap, bufferManager } = backend;
  const places = placesOf(backend);
  bindPlaces(backend, places);
  const share = (x: TensorInfo): View => {
    const found = places.find(x.dataId);
    if (found) return found;
    backend.uploadToGPU(x.dataId);
    const { resource, external = false } = tensorMap.get(x.dataId);
    const view = { shared: { buffer: resource!, external, uses: 0 }, offset: 0, size: resource!.size };
    places.enter(x.dataId, view);
    return view;
  };
  return {
    find: (x) => places.find(x.dataId),
    share,
    make(shared, offset, shape) {
      const made = backend.makeTensorInfo(shape, "float32");
      places.enter(made.dataId, { shared, offset, size: 4 * sizeOf(shape) });
      return made;
    },
    gather(inputs, offsets, size) {
      const from = inputs.map(share);
      const { usage } = from[0]!.shared.buffer;
      const shared: Shared = { buffer: bufferManager.acquireBuffer(size, usage), external: false, uses: 0 };
      beginCopies(backend);
      backend.commandEncoder.clearBuffer(shared.buffer);
      for (const [i, view] of from.entries()) places.copy(view, shared.buffer, offsets[i]!);
      for (const [i, { dataId }] of inputs.entries()) {
        const before = places.find(dataId)!;
        places.enter(dataId, { shared, offset: offsets[i]!, size: before.size });
        places.release(before);
      }
      return shared;
    },
  };
}
