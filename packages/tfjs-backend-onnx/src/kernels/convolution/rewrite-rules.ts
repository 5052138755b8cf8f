import type { RewriteRules } from "../../lower/rewrite.ts";
import {
  convolutionOp,
  convolutionWithAddition,
  inputGradientOp,
  inputGradientWithAddition,
} from "./convolution.ts";

/** Convolutions take biases and residual sums with them. */
export const rewriteRules: RewriteRules = {
  addition: "Add",
  absorbing: {
    [convolutionOp.name]: { absorb: convolutionWithAddition },
    [inputGradientOp.name]: { absorb: inputGradientWithAddition },
  },
};
