export { disableOnnxRuntimeTelemetry } from "./onnxruntime-telemetry.ts";
export { type Processors, processors, type ReadText } from "./processors.ts";
