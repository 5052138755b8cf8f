import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** What a function left on the active backend. */
export interface Leak {
  readonly tensors: number;
  readonly bytes: number;
  /** Buffers of the backend, which tensors share. */
  readonly buffers: number;
}

/**
 * Runs a function twice and reports what the second run left behind; the first warms up caches. Results that the
 * function returns count: dispose them inside.
 */
export async function leaks(run: () => unknown): Promise<Leak> {
  await run();
  const before = tf.memory();
  await run();
  const after = tf.memory();
  return {
    tensors: after.numTensors - before.numTensors,
    bytes: after.numBytes - before.numBytes,
    buffers: after.numDataBuffers - before.numDataBuffers,
  };
}

/**
 * @param what what is run, for the message
 * @throws DdpmError when the function leaves tensors, bytes or buffers behind
 */
export async function expectNoLeak(what: string, run: () => unknown): Promise<void> {
  const { tensors, bytes, buffers } = await leaks(run);
  if (tensors === 0 && bytes === 0 && buffers === 0) return;
  fail(
    "testing/leaks",
    `${what}: ${tensors} tensors, ${buffers} buffers and ${bytes} bytes were left behind.`,
  );
}
