/**
 * Records functions of TensorFlow.js as ONNX graphs; nothing is computed, and no ONNX Runtime is needed.
 *
 * @packageDocumentation
 */
export { OnnxBackendError } from "./errors.ts";
export {
  encodeModel,
  type OnnxConstant,
  type OnnxGraph,
  type OnnxNode,
  type OnnxPort,
  type OnnxTensor,
} from "./onnx/model.ts";
export type { RecordedGraph } from "./recording/lower-plain.ts";
export {
  type GraphConstant,
  type GraphFunction,
  type GraphInput,
  recordGraph,
} from "./recording/record-graph.ts";
export type { DType } from "./tensor/shape.ts";
