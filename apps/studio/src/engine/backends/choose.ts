import { chooseBackend, type StartedBackend } from "@ddpm/backends/authoring";
import { type Backend, cpu, webgpu } from "@ddpm/backends/browser";
import { type Registry, registry } from "@ddpm/core";
import type { BackendReport } from "./backend.ts";
import { DEVICE_ADVICE } from "./device-advice.ts";
import type { BackendChoice, BackendName } from "./names.ts";
import { onnx } from "./onnx.ts";
import { wasm } from "./wasm.ts";
import { webgl } from "./webgl.ts";

const order: Registry<Backend> = registry("studio/choose", "backend", [webgpu, onnx, wasm, webgl, cpu]);

/** The backend that runs, and the report about it. */
export interface Chosen {
  readonly backend: StartedBackend;
  readonly report: BackendReport;
}

/**
 * Starts the first backend that works, or the one that is named.
 *
 * @throws when the named one does not work; with all reasons when none does
 */
export async function choose(choice: BackendChoice): Promise<Chosen> {
  const backend = await chooseBackend(order, choice, { advice: DEVICE_ADVICE });
  const { name, detail, passedOver } = backend;
  return { backend, report: { name: name as BackendName, detail, passedOver } };
}
