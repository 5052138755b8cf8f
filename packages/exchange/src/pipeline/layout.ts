/** Where a folder of diffusers has its files; the weights may be in parts, with an index next to them. */
export interface FolderLayout {
  readonly index: string;
  readonly config: string;
  readonly weights: string;
  readonly scheduler: string;
}

/** A pipeline's folder as it is written since 2022. */
export const PIPELINE: FolderLayout = {
  index: "model_index.json",
  config: "unet/config.json",
  weights: "unet/diffusion_pytorch_model.safetensors",
  scheduler: "scheduler/scheduler_config.json",
};

/** All files in one folder: a model's own, and the first published pipelines. */
const FLAT: FolderLayout = {
  index: "model_index.json",
  config: "config.json",
  weights: "diffusion_pytorch_model.safetensors",
  scheduler: "scheduler_config.json",
};

/** The layout of a folder, by the files in it: that of a whole pipeline unless there is only a flat network. */
export function layoutOf(has: (file: string) => boolean): FolderLayout {
  return !has(PIPELINE.config) && has(FLAT.config) ? FLAT : PIPELINE;
}
