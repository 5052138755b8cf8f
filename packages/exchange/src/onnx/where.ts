/** The place that errors name. */
export const WHERE = "exchange/onnx";
