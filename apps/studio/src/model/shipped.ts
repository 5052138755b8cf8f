import fashionConfig from "./fashion.config.json";
import fashionWeights from "./fashion.weights?url";
import shapesConfig from "./shapes.config.json";
import shapesWeights from "./shapes.weights?url";

/** A model that comes with the page. */
export interface ShippedModel {
  readonly name: string;
  readonly about: string;
  /** Address of its weights: a safetensors file in half precision, split and packed. */
  readonly weights: string;
  readonly config: unknown;
  readonly classes: readonly string[];
  /** Whose pictures it has learned, and on what terms they may be used. */
  readonly data?: string;
}

export const shippedModels: readonly ShippedModel[] = [
  {
    name: "shapes",
    about: "six coloured shapes, 16 × 16 pixels",
    weights: shapesWeights,
    config: shapesConfig,
    classes: ["disc", "square", "triangle", "star", "ring", "cross"],
  },
  {
    name: "fashion",
    about: "clothes in grey, 28 × 28 pixels",
    weights: fashionWeights,
    config: fashionConfig,
    classes: [],
    data: "Learned from Fashion-MNIST, © 2017 Zalando SE, MIT licence.",
  },
];
