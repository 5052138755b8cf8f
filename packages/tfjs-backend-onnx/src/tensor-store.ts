import { type DataId, DataStorage, engine, type KernelBackend } from "@tensorflow/tfjs-core";
import type { TensorData } from "./tensor-data.ts";

/**
 * What a backend knows of its tensors, by TensorFlow.js's identifiers.
 *
 * An identifier that the store makes is the entry itself, so that finding it takes no table: a training step makes thousands
 * of tensors, and weak maps of that size cost more than what is recorded about them.
 */
export interface TensorStore {
  /** Stores an entry under a new identifier. */
  add(data: TensorData): DataId;
  /** Stores an entry under an identifier that somebody else made. */
  put(dataId: DataId, data: TensorData): void;
  /** The entry of an identifier; tensors of other backends move here. */
  get(dataId: DataId): TensorData;
  has(dataId: DataId): boolean;
  delete(dataId: DataId): void;
  size(): number;
}

export function tensorStore(backend: KernelBackend): TensorStore {
  const foreign = new DataStorage<TensorData>(backend, engine());
  let own = 0;
  const isOwn = (dataId: DataId): dataId is TensorData => (dataId as TensorData).home === store;
  const store: TensorStore = {
    add: (data) => {
      own++;
      data.home = store;
      return data;
    },
    put: (dataId, data) => foreign.set(dataId, data),
    get: (dataId) => (isOwn(dataId) ? dataId : foreign.get(dataId)),
    has: (dataId) => isOwn(dataId) || foreign.has(dataId),
    delete: (dataId) => {
      if (!isOwn(dataId)) foreign.delete(dataId);
      else {
        own--;
        dataId.home = null;
      }
    },
    size: () => own + foreign.numDataIds(),
  };
  return store;
}
