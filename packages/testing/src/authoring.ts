export { arithmeticCases } from "./backends/arithmetic-cases.ts";
export { anyOf, type BackendCase, type CaseInput, type CaseMaker } from "./backends/case.ts";
export { convolutionCases } from "./backends/convolution-cases.ts";
export type { Draw } from "./backends/draw.ts";
export { matrixCases } from "./backends/matrix-cases.ts";
export { networkCases } from "./backends/network-cases.ts";
export { reductionCases } from "./backends/reduction-cases.ts";
export { shapeCases } from "./backends/shape-cases.ts";
