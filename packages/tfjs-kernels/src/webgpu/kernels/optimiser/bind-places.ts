import type { TensorInfo } from "@tensorflow/tfjs-core";
import { copyOf, type Places, type View } from "./places.ts";
import type { ViewingBackend } from "./viewing-backend.ts";

/**
 * Makes the methods of a backend that bind, read and free a tensor look at its place; tfjs-backend-webgpu 4.x gives every
 * tensor a buffer of its own.
 */
export function bindPlaces(backend: ViewingBackend, places: Places): void {
  const { tensorMap } = backend;
  const stock = {
    tensorToBinding: backend.tensorToBinding.bind(backend),
    releaseResource: backend.releaseResource.bind(backend),
    read: backend.read.bind(backend),
    readSync: backend.readSync.bind(backend),
    readToGPU: backend.readToGPU.bind(backend),
  };
  /** A view that is not on the host as well. */
  const onDevice = (dataId: object): View | undefined =>
    tensorMap.has(dataId) && !tensorMap.get(dataId).values ? places.find(dataId) : undefined;

  Object.assign(backend, {
    tensorToBinding(tensor: TensorInfo | null) {
      const view = tensor ? places.find(tensor.dataId) : undefined;
      if (!view) return stock.tensorToBinding(tensor);
      return { buffer: view.shared.buffer, offset: view.offset, size: view.size };
    },
    releaseResource(dataId: object) {
      const view = places.find(dataId);
      if (!view) return stock.releaseResource(dataId);
      places.leave(dataId, view);
    },
    async read(dataId: object) {
      const view = onDevice(dataId);
      if (!view) return stock.read(dataId);
      const { dataId: own } = copyOf(backend, places, dataId, view);
      const values = await stock.read(own);
      backend.disposeData(own);
      if (tensorMap.has(dataId)) tensorMap.get(dataId).values = values;
      return values;
    },
    readSync(dataId: object) {
      const view = onDevice(dataId);
      if (!view) return stock.readSync(dataId);
      const { dataId: own } = copyOf(backend, places, dataId, view);
      const values = stock.readSync(own);
      backend.disposeData(own);
      return values;
    },
    readToGPU(dataId: object) {
      const view = places.find(dataId);
      if (!view) return stock.readToGPU(dataId);
      const { dataId: own } = copyOf(backend, places, dataId, view);
      const found = stock.readToGPU(own);
      backend.disposeData(own);
      return found;
    },
  });
}
