import type { DataType } from "@tensorflow/tfjs-core";
import type { Value } from "./graph/operation.ts";
import type { HostTensor } from "./host/host.ts";
import type { Stored } from "./tensor/stored.ts";

/** What the backend knows of one tensor's data: still recorded, stored, or on the host (complex numbers and strings). */
export interface TensorData {
  /** The store that this entry is the identifier of, as long as it is in there. */
  home: object | null;
  references: number;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  value: Value | null;
  stored: Stored | null;
  host: HostTensor | null;
}
