import type { CompileStep } from "@ddpm/core";
import { getBackend } from "@tensorflow/tfjs-core";

/** How the current backend makes steps fast, where it can. */
export async function currentCompile(): Promise<CompileStep | undefined> {
  if (getBackend() !== "onnx") return undefined;
  const { compiledStep } = await import("@ddpm/tfjs-backend-onnx");
  return compiledStep;
}
