import { fail } from "@ddpm/core";

/** Loads TensorFlow.js' own backend for WebGPU, an optional package: inside of `try`, bundlers only warn where it is not installed. */
export async function loadStockWebgpu(): Promise<void> {
  try {
    await import(/* turbopackOptional: true */ "@tensorflow/tfjs-backend-webgpu");
  } catch (cause) {
    const [reason] = String((cause as Error)?.message ?? cause).split("\n");
    fail(
      "backends/webgpu",
      `@tensorflow/tfjs-backend-webgpu does not load: ${reason}.`,
      "Install it: npm install @tensorflow/tfjs-backend-webgpu.",
      { cause },
    );
  }
}
