import type { Spec } from "@ddpm/core";
import type { TensorNames } from "../weights/names.ts";

/** A text model that a reference's arguments describe. */
export interface ReferenceTextModel {
  /** The same model from the registry of text models. */
  readonly spec: Exclude<Spec, string>;
  /** Names and layouts of its tensors in the reference's files. */
  readonly names: TensorNames;
}
