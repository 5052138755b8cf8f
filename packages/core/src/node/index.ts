export { disableOnnxRuntimeTelemetry } from "./onnxruntime-telemetry.ts";
export { type Processors, processors } from "./processors.ts";
