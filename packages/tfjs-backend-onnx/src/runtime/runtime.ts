/** Typed arrays that hold tensors; `bool` tensors use bytes of 0 and 1. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** Element types of tensors that cross the border between JavaScript and the runtime. */
export type FeedType = "float32" | "int32" | "bool";

/** A tensor of the runtime over memory that JavaScript sees. */
export interface RuntimeTensor {
  readonly type: FeedType;
  readonly dims: readonly number[];
  readonly data: Numbers;
}

export interface SessionOptions {
  /** Threads inside one operator. */
  readonly threads: number;
  /** Execution providers in order of preference, for example ["cpu"]. */
  readonly providers: readonly string[];
  /** Write a profile of every operator to files that begin with this, or "" for none. */
  readonly profile: string;
}

/** A compiled graph. */
export interface RuntimeSession {
  /** Runs synchronously; every output is written into the buffer given for it. */
  run(feeds: Readonly<Record<string, RuntimeTensor>>, outputs: Readonly<Record<string, RuntimeTensor>>): void;
  release(): void;
}

/** What the backend needs of ONNX Runtime. */
export interface Runtime {
  /** For messages. */
  readonly name: string;
  /** Execution providers that it was built with. */
  readonly providers: readonly string[];
  tensor(type: FeedType, data: Numbers, dims: readonly number[]): RuntimeTensor;
  compile(model: Uint8Array, options: SessionOptions): RuntimeSession;
}
