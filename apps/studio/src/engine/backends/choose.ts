import { failureOf } from "../failure.ts";
import type { Backend, BackendReport, StartedBackend } from "./backend.ts";
import { cpu } from "./cpu.ts";
import type { BackendChoice } from "./names.ts";
import { onnx } from "./onnx.ts";
import { wasm } from "./wasm.ts";
import { webgl } from "./webgl.ts";
import { webgpu } from "./webgpu.ts";

const order: readonly Backend[] = [webgpu, onnx, wasm, webgl, cpu];

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
  const passedOver: { name: Backend["name"]; reason: string }[] = [];
  for (const candidate of order) {
    const { name } = candidate;
    if (choice !== "auto" && choice !== name) continue;
    try {
      const doubt = choice === "auto" ? await candidate.doubt?.() : undefined;
      if (doubt) throw new Error(doubt);
      const backend = await candidate.start();
      return { backend, report: { name, detail: backend.detail, passedOver } };
    } catch (error) {
      passedOver.push({ name, reason: failureOf(error).message });
    }
  }
  throw new Error(passedOver.map(({ name, reason }) => `${name}: ${reason}`).join("; "));
}
