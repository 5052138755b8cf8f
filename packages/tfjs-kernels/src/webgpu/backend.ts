import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

/** Values of one field of the uniform buffer, appended after those that tfjs-backend-webgpu writes itself. */
export interface Uniform {
  readonly type: "int32" | "uint32" | "float32";
  readonly data: number[];
}

/** A compute pipeline; WebGPU's own type, which this package need not know. */
export type Pipeline = object;

/** The part of `GPUDevice` that these kernels rely on. */
export interface Device {
  readonly limits: {
    readonly maxComputeWorkgroupsPerDimension: number;
    readonly maxStorageBuffersPerShaderStage: number;
  };
  createShaderModule(descriptor: { readonly code: string; readonly label: string }): object;
  createComputePipeline(descriptor: object): Pipeline;
  createComputePipelineAsync(descriptor: object): Promise<Pipeline>;
}

/** What `recordAndSubmit` reads of a program whose pipeline is there already. */
export interface Recorded {
  readonly pipeline: Pipeline | Promise<Pipeline>;
  readonly dispatch: readonly [number, number, number];
}

/** The part of `WebGPUBackend` (tfjs-backend-webgpu 4.x) that these kernels rely on. */
export interface WebgpuBackend {
  readonly device: Device;
  readonly tensorMap: { get(dataId: object): { readonly dtype: DataType; values: unknown } };
  /** Compiled programs by key; promises while the backend compiles only. */
  readonly pipelineCache: Record<string, Pipeline | Promise<Pipeline>>;
  /** Makes a tensor; its buffer comes with `uploadToGPU`. */
  makeTensorInfo(shape: readonly number[], dtype: DataType, values?: unknown): TensorInfo;
  uploadToGPU(dataId: object): void;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
  /** Whether all of these are small and never left the host. */
  shouldExecuteOnCPU(inputs: readonly TensorInfo[]): boolean;
  /**
   * Binds output, inputs and uniforms in this order and appends a dispatch to the running compute pass.
   * The uniforms begin with NaN, infinity and the shape and strides of each input and of the output.
   */
  recordAndSubmit(
    program: Recorded,
    output: TensorInfo,
    inputs: readonly TensorInfo[],
    uniforms: readonly Uniform[],
  ): void;
}
