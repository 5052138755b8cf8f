/**
 * Writes functions of TensorFlow.js as ONNX models that any runtime loads.
 *
 * @packageDocumentation
 */
export { OnnxBackendError } from "../errors.ts";
export { type ExportOptions, exportOnnx, type InputSpec } from "./export-onnx.ts";
export type { ExportedFunction } from "./trace.ts";
