import shapesConfig from "./shapes.config.json";
import shapesWeights from "./shapes.safetensors?url";

/** A model that comes with the page. */
export interface ShippedModel {
  readonly name: string;
  readonly about: string;
  /** Address of its weights, in half precision. */
  readonly weights: string;
  readonly config: unknown;
  readonly classes: readonly string[];
}

export const shippedModels: readonly ShippedModel[] = [
  {
    name: "shapes",
    about: "six coloured shapes, 16 × 16 pixels",
    weights: shapesWeights,
    config: shapesConfig,
    classes: ["disc", "square", "triangle", "star", "ring", "cross"],
  },
];
