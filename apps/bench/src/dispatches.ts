import * as tf from "@tensorflow/tfjs-core";

/** What work asked of the graphics device. */
export interface Dispatches {
  /** Programs that were started. */
  readonly dispatches: number;
  /** Copies from one buffer to another. */
  readonly copies: number;
  /** Submissions of commands to the queue. */
  readonly submissions: number;
  /** Dispatches by the kernel of TensorFlow.js that made them, most first. */
  readonly byKernel: Readonly<Record<string, number>>;
}

/** Counts what a backend asks of its device. */
export interface DispatchCounter {
  /** The counts since the last call, which start again from 0. */
  take(): Dispatches;
}

/** The classes of a device's commands, as WebGPU names them. */
interface Commands {
  readonly GPUComputePassEncoder: { readonly prototype: Record<string, (...given: unknown[]) => unknown> };
  readonly GPUCommandEncoder: { readonly prototype: Record<string, (...given: unknown[]) => unknown> };
  readonly GPUQueue: { readonly prototype: Record<string, (...given: unknown[]) => unknown> };
}

/**
 * Watches the commands of every WebGPU device of this process from now on. A kernel that calls
 * another one is counted as itself; kernels registered later are counted as "other".
 *
 * @param dry programs are counted, but not started: what is computed is nonsense, and takes no time
 */
export function countDispatches(dry: boolean): DispatchCounter {
  const running: string[] = [];
  let counts = empty();

  const { GPUComputePassEncoder, GPUCommandEncoder, GPUQueue } = globalThis as unknown as Commands;
  const count = (): void => {
    const kernel = running[0] ?? "other";
    counts.dispatches++;
    counts.byKernel.set(kernel, (counts.byKernel.get(kernel) ?? 0) + 1);
  };
  if (dry) GPUComputePassEncoder.prototype.dispatchWorkgroups = count;
  else before(GPUComputePassEncoder.prototype, "dispatchWorkgroups", count);
  before(GPUCommandEncoder.prototype, "copyBufferToBuffer", () => counts.copies++);
  before(GPUQueue.prototype, "submit", () => counts.submissions++);

  for (const config of tf.getKernelsForBackend("webgpu")) {
    tf.unregisterKernel(config.kernelName, "webgpu");
    tf.registerKernel({
      ...config,
      kernelFunc(given) {
        running.push(config.kernelName);
        try {
          return config.kernelFunc(given);
        } finally {
          running.pop();
        }
      },
    });
  }
  return {
    take() {
      const { byKernel, ...sums } = counts;
      counts = empty();
      return { ...sums, byKernel: Object.fromEntries([...byKernel].sort(([, a], [, b]) => b - a)) };
    },
  };
}

function empty(): { dispatches: number; copies: number; submissions: number; byKernel: Map<string, number> } {
  return { dispatches: 0, copies: 0, submissions: 0, byKernel: new Map() };
}

function before(
  methods: Record<string, (...given: unknown[]) => unknown>,
  name: string,
  count: () => void,
): void {
  const stock = methods[name]!;
  methods[name] = function (this: unknown, ...given: unknown[]): unknown {
    count();
    return stock.apply(this, given);
  };
}
