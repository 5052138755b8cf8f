/** Backends in the order in which they are tried. */
export const BACKENDS = ["webgpu", "onnx", "wasm", "webgl", "cpu"] as const;

export type BackendName = (typeof BACKENDS)[number];

export type BackendChoice = BackendName | "auto";
