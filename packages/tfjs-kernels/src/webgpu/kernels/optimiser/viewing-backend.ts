import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "../../backend.ts";

/** `GPUBuffer`, as far as it is looked at here. */
export interface GraphicsBuffer {
  readonly size: number;
  readonly usage: number;
}

/** What the backend knows of a tensor. */
export interface TensorData {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  values: unknown;
  resource: GraphicsBuffer | null;
  /** The buffer belongs to the caller. */
  readonly external?: boolean;
}

/** A buffer, or a part of one. */
export interface Binding {
  readonly buffer: GraphicsBuffer;
  readonly offset?: number;
  readonly size?: number;
}

/** The part of `WebGPUBackend` (tfjs-backend-webgpu 4.x) that views rely on, besides {@link WebgpuBackend}. */
export interface ViewingBackend extends WebgpuBackend {
  readonly tensorMap: {
    get(dataId: object): TensorData;
    has(dataId: object): boolean;
  };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GraphicsBuffer;
    releaseBuffer(buffer: GraphicsBuffer): void;
  };
  /** There after `ensureCommandEncoderReady`. */
  readonly commandEncoder: {
    clearBuffer(buffer: GraphicsBuffer): void;
    copyBufferToBuffer(
      from: GraphicsBuffer,
      fromOffset: number,
      to: GraphicsBuffer,
      toOffset: number,
      size: number,
    ): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  tensorToBinding(tensor: TensorInfo | null): Binding | null;
  releaseResource(dataId: object): void;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
  readToGPU(dataId: object): unknown;
}
