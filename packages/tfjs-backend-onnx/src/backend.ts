import {
  type BackendTimingInfo,
  type BackendValues,
  type DataId,
  type DataType,
  KernelBackend,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { BackendOptions } from "./backend-options.ts";
import { fail } from "./errors.ts";
import { type Boundary, tidyBoundary } from "./graph/boundary.ts";
import type { Value } from "./graph/operation.ts";
import { type Recorder, type Recording, recorder } from "./graph/recorder.ts";
import { copyValues, type HostTensor, hostValues, releaseHost, storeOnHost } from "./host/host.ts";
import { reshapeOp } from "./kernels/arrangement/reshape.ts";
import { type Runner, type RunnerStatistics, runner } from "./session/runner.ts";
import { type BufferPool, bufferPool } from "./tensor/buffers.ts";
import { plain } from "./tensor/layouts.ts";
import { type DType, sameShape, sizeOf } from "./tensor/shape.ts";
import { inLayout, release, type Stored, storedPlain } from "./tensor/stored.ts";
import type { TensorData } from "./tensor-data.ts";
import { type TensorStore, tensorStore } from "./tensor-store.ts";

/** The backend: a store of tensors and an open recording. A class, since TensorFlow.js asks for one. */
export class OnnxBackend extends KernelBackend {
  readonly recorder: Recorder = recorder();
  private readonly tensors: TensorStore;
  private pending = new Set<TensorData>();
  readonly pool: BufferPool;
  readonly options: BackendOptions;
  readonly runner: Runner;
  private readonly stepIsOver: Boundary;
  private capturing = "";

  constructor(options: BackendOptions) {
    super();
    this.options = options;
    this.stepIsOver = tidyBoundary(options.minRecorded, options.maxRecorded);
    this.pool = bufferPool(options.maxIdleBytes);
    this.runner = runner(options, this.pool);
    this.tensors = tensorStore(this);
  }

  /** Runs everything recorded so far whose results are still wanted. */
  flush(): void {
    if (this.capturing) {
      fail(
        this.capturing,
        `kernel ${this.recorder.kernel || "?"} or a read needs a number in the middle of the step`,
        "Read results after the step, and keep kernels that run on the host out of it.",
      );
    }
    const wanted = [...this.pending];
    this.pending = new Set();
    const recording = this.recorder.take();
    const values = [...new Set(wanted.map((data) => data.value!))];
    if (values.length === 0) {
      this.giveUp(recording);
      return;
    }
    try {
      const results = this.runner.run(recording, values);
      const byValue = new Map(values.map((value, i) => [value, results[i]!]));
      for (const data of wanted) {
        data.stored = byValue.get(data.value!)!;
        data.stored.references++;
      }
    } finally {
      for (const data of wanted) data.value = null;
    }
  }

  /** Records what a function does, without running it; fails, in the name of `where`, if it reads a result. */
  capture<T>(
    where: string,
    body: () => T,
  ): { result: T; recording: Recording; wanted: readonly TensorData[] } {
    this.flush();
    this.capturing = where;
    try {
      const result = body();
      return { result, recording: this.recorder.take(), wanted: [...this.pending] };
    } catch (error) {
      this.giveUp(this.recorder.take());
      for (const data of this.pending) data.value = null;
      throw error;
    } finally {
      this.capturing = "";
      this.pending = new Set();
    }
  }

  /** What is known of a tensor. */
  dataOf({ dataId }: TensorInfo): TensorData {
    return this.tensors.get(dataId);
  }

  /** A new tensor on stored memory. */
  adoptStored(stored: Stored): TensorInfo {
    stored.references++;
    const data = this.newData(stored.shape, stored.dtype);
    data.stored = stored;
    return { dataId: this.tensors.add(data), shape: [...stored.shape], dtype: stored.dtype };
  }

  /** Called before each kernel. */
  boundary(): void {
    if (!this.capturing && this.stepIsOver(this.recorder.size())) this.flush();
  }

  /** A tensor as a value of the open recording, in the shape that its user sees. */
  recorded({ dataId, shape }: TensorInfo): Value {
    const data = this.tensors.get(dataId);
    const value = data.value ?? this.leafOf(data);
    return sameShape(value.shape, shape) ? value : this.recorder.view(reshapeOp, value, shape.slice());
  }

  /** A new tensor for a recorded value. */
  adopt(value: Value): TensorInfo {
    if (value.leaf?.stored) return this.adoptStored(value.leaf.stored);
    const data = this.newData(value.shape, value.dtype);
    data.value = value;
    this.pending.add(data);
    return { dataId: this.tensors.add(data), shape: value.shape.slice(), dtype: value.dtype };
  }

  /** A second tensor on the same data. */
  share({ dataId, dtype }: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(dataId);
    return { dataId, shape: shape.slice(), dtype };
  }

  /** A new tensor for a copy of numbers in plain order. */
  adoptValues(values: BackendValues, shape: readonly number[], dtype: DType): TensorInfo {
    return this.adoptStored(this.copied(values, shape, dtype));
  }

  /** A tensor made on the host. */
  adoptHost(host: HostTensor): TensorInfo {
    const data = this.newData(host.shape, host.dtype);
    data.host = host;
    return { dataId: this.tensors.add(data), shape: [...host.shape], dtype: host.dtype };
  }

  override write(values: BackendValues | null, shape: number[], dtype: DataType): DataId {
    return this.tensors.add(this.given(values, shape, dtype, 1));
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    references: number,
  ): void {
    this.tensors.put(dataId, this.given(values, shape, dtype, references));
  }

  override readSync(dataId: DataId): BackendValues {
    const data = this.tensors.get(dataId);
    if (data.host) return hostValues(data.host);
    if (data.value) this.flush();
    const { stored } = data;
    if (!stored) {
      return fail(
        "tfjs-backend-onnx/backend",
        `the graph that should have computed a ${data.dtype} tensor of shape [${data.shape}] failed before`,
        "See the first error.",
      );
    }
    return inLayout(stored, plain).slice() as BackendValues;
  }

  override async read(dataId: DataId): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  /** The numbers of a tensor without a copy; not to be written to or kept. */
  peek({ dataId }: TensorInfo): BackendValues {
    const data = this.tensors.get(dataId);
    if (data.value) this.flush();
    return data.host ? hostValues(data.host) : (inLayout(data.stored!, plain) as BackendValues);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.tensors.has(dataId)) return true;
    const data = this.tensors.get(dataId);
    data.references--;
    if (!force && data.references > 0) return false;
    this.tensors.delete(dataId);
    this.pending.delete(data);
    if (data.stored) release(data.stored, this.pool);
    if (data.host) releaseHost(data.host);
    data.stored = null;
    data.value = null;
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.tensors.has(dataId) ? this.tensors.get(dataId).references : 0;
  }

  override incRef(dataId: DataId): void {
    this.tensors.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.tensors.size();
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return {
      unreliable: true,
      reasons: [
        "Recorded results take no memory before they are computed, and sessions keep an arena of their own.",
      ],
    };
  }

  /** Counts of runs, compilations and live sessions. */
  statistics(): RunnerStatistics & { readonly idleBytes: number } {
    return { ...this.runner.statistics(), idleBytes: this.pool.idleBytes() };
  }

  override async time(query: () => void): Promise<BackendTimingInfo> {
    const start = performance.now();
    query();
    this.flush();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {
    this.pending.clear();
    this.runner.dispose();
    this.pool.clear();
  }

  private leafOf(data: TensorData): Value {
    if (data.stored) return this.recorder.leaf(data.stored);
    return fail(
      "tfjs-backend-onnx/backend",
      `kernel ${this.recorder.kernel}: it was given a ${data.dtype} tensor of shape [${data.shape}] that was never computed`,
      "A graph failed before: see the first error.",
    );
  }

  private copied(values: BackendValues | null, shape: readonly number[], dtype: DType): Stored {
    return storedPlain(copyValues(values, this.pool.take(dtype, sizeOf(shape))), shape, dtype, true);
  }

  /** Forgets a recording that will not run. */
  private giveUp({ leaves }: Recording): void {
    for (const { leaf } of leaves) if (leaf!.stored) release(leaf!.stored, this.pool);
  }

  private newData(shape: readonly number[], dtype: DataType): TensorData {
    return { home: null, references: 1, shape, dtype, value: null, stored: null, host: null };
  }

  /** An entry for numbers that TensorFlow.js gives. */
  private given(
    values: BackendValues | null,
    shape: number[],
    dtype: DataType,
    references: number,
  ): TensorData {
    const data = this.newData(shape.slice(), dtype);
    data.references = references;
    if (dtype === "complex64" || dtype === "string") data.host = storeOnHost(values, shape, dtype);
    else {
      data.stored = this.copied(values, shape.slice(), dtype as DType);
      data.stored.references = 1;
    }
    return data;
  }
}
