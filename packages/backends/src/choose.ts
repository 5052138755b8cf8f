import { fail, nearest } from "@ddpm/core";
import type { Backend, BackendOptions, StartedBackend } from "./backend.ts";
import { cpu } from "./cpu.ts";
import { node, nodeGpu } from "./node.ts";
import { onnx } from "./onnx.ts";
import { reasonOf } from "./reason-of.ts";
import { wasm } from "./wasm.ts";
import { webgpu } from "./webgpu.ts";

export type { Backend, BackendOptions, StartedBackend } from "./backend.ts";

/** In the order in which `auto` tries them. */
export const backends: readonly Backend[] = [nodeGpu, webgpu, onnx, node, wasm, cpu];

/** A backend that runs and why it was taken. */
export interface ChosenBackend extends StartedBackend {
  readonly why: string;
}

/**
 * Starts the named backend; `auto` takes the first that works, skipping software graphics.
 *
 * @throws DdpmError for an unknown name, or with the reason why it does not work here
 */
export async function startBackend(name: string, options: BackendOptions): Promise<ChosenBackend> {
  if (name === "auto") return startFirst(options);
  const names = ["auto", ...backends.map((backend) => backend.name)];
  const backend = backends.find((candidate) => candidate.name === name);
  if (!backend) {
    fail("backend", `unknown backend "${name}": expected one of ${names.join(", ")}.`, nearest(name, names));
  }
  return { ...(await backend.start(options)), why: "asked for" };
}

async function startFirst(options: BackendOptions): Promise<ChosenBackend> {
  const skipped: string[] = [];
  for (const backend of backends) {
    if (backend.plausible && !backend.plausible()) {
      skipped.push(`${backend.name} (no device)`);
      continue;
    }
    try {
      const started = await backend.start(options);
      const software = backend.name === "webgpu" && !started.accelerated;
      if (software) skipped.push("webgpu (software graphics only)");
      else
        return {
          ...started,
          why:
            skipped.length > 0 ? `the first that works; not here: ${skipped.join(", ")}` : "the first choice",
        };
    } catch (error) {
      skipped.push(`${backend.name} (${reasonOf(error)})`);
    }
  }
  return fail(
    "backend",
    `no backend works here: tried ${skipped.join(", ")}.`,
    "`ddpm doctor` shows what each needs.",
  );
}
