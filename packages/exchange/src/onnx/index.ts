/**
 * ONNX models: a network, a denoiser, or any function of TensorFlow.js as a file that every runtime loads.
 *
 * @packageDocumentation
 */
export { type ExportOptions, exportOnnx, type InputSpec } from "./export-onnx.ts";
export { EXPORTED, type OnnxModelOptions, onnxModel } from "./onnx-model.ts";
