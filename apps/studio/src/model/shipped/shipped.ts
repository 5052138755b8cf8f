import fashionConfig from "./fashion.config.json";
import fashionWeights from "./fashion.weights?url";
import shapesConfig from "./shapes.config.json";
import shapesWeights from "./shapes.weights?url";

/** A model that comes with the page. */
export interface ShippedModel {
  readonly name: string;
  readonly title: string;
  /** What it draws; where others' pictures taught it, whose they are, and on what terms they may be used. */
  readonly about: string;
  /** Address of its weights: a safetensors file in half precision, split and packed. */
  readonly weights: string;
  readonly config: unknown;
  readonly classes: readonly string[];
}

export const shippedModels: readonly ShippedModel[] = [
  {
    name: "shapes",
    title: "coloured shapes",
    about: "Comes with the page: six coloured shapes, 16 × 16 pixels.",
    weights: shapesWeights,
    config: shapesConfig,
    classes: ["disc", "square", "triangle", "star", "ring", "cross"],
  },
  {
    name: "fashion",
    title: "Fashion-MNIST",
    about:
      "Comes with the page: clothes in grey, 28 × 28 pixels. Learned from Fashion-MNIST, © 2017 Zalando SE, MIT licence.",
    weights: fashionWeights,
    config: fashionConfig,
    classes: [],
  },
];
