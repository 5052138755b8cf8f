import { type Registry, registry } from "@ddpm/core";
import type { TextModel } from "@ddpm/core/authoring";
import { clipTextModel } from "./clip/text-model.ts";
import { textTransformer } from "./words/text-model.ts";

/** All text models. */
export const textModels: Registry<TextModel> = registry<TextModel>("text/text-models", "text model", [
  clipTextModel,
  textTransformer,
]);
