import { fail, reasonOf } from "../errors.ts";
import { encodeModel } from "../onnx/model.ts";
import type { Runtime, SessionOptions } from "./runtime.ts";

/**
 * Runs one sum on execution providers other than the CPU: a runtime lists what it was built for, and finds out only then
 * whether the libraries and the device are there.
 *
 * @throws OnnxBackendError naming the providers and the reason in one line
 */
export function tryProviders(runtime: Runtime, options: SessionOptions): void {
  if (options.providers.every((name) => name === "cpu")) return;
  const shape = [2];
  const model = encodeModel({
    inputs: [{ name: "x", type: "float32", shape }],
    outputs: [{ name: "y", type: "float32", shape }],
    constants: [],
    nodes: [{ op: "Add", name: "start", domain: "", inputs: ["x", "x"], outputs: ["y"], attributes: {} }],
  });
  const y = new Float32Array(2);
  let reason = "";
  try {
    const session = runtime.compile(model, { ...options, profile: "" });
    session.run(
      { x: runtime.tensor("float32", Float32Array.of(1, 2), shape) },
      { y: runtime.tensor("float32", y, shape) },
    );
    session.release();
  } catch (cause) {
    reason = reasonOf(cause as Error);
  }
  if (!reason && (y[0] !== 2 || y[1] !== 4)) reason = `1 + 1 and 2 + 2 gave ${y.join(" and ")}`;
  if (!reason) return;
  fail(
    "tfjs-backend-onnx/try-providers",
    `the execution providers ${options.providers.join(", ")} of ${runtime.name} do not start: ${reason}`,
    'Take ["cpu"], or install what they need.',
  );
}
