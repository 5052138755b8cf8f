import { option, type Plugin } from "@ddpm/core";
import type { OptionShape } from "@ddpm/core/authoring";
import { clipTextModel } from "@ddpm/text";
import { camelCased, snakeCased, stated } from "../network/reference-options.ts";
import { plugin } from "../plugin.ts";
import { type Rules, renaming, type TensorNames } from "../weights/names.ts";
import type { ReferenceTextModel } from "./reference-text-model.ts";

/** Entries of a `config.json` that say nothing of the network in use. */
const unused: OptionShape = Object.fromEntries(
  [
    ...["_name_or_path", "architectures", "attention_dropout", "bos_token_id", "dropout", "dtype"],
    ...["initializer_factor", "initializer_range", "model_type", "pad_token_id", "torch_dtype"],
    "transformers_version",
  ].map((name) => [
    name,
    option
      .custom("anything", () => true)
      .optional()
      .describe("not used by the network"),
  ]),
);

/** Text models and state dicts of huggingface/transformers' CLIP. */
export const clip: Plugin<never, ReferenceTextModel> = plugin({
  name: "clip",
  about: "CLIPTextModel and CLIPTextModelWithProjection of transformers, as Stable Diffusion has them.",
  source: "huggingface/transformers modeling_clip.py",
  options: {
    ...snakeCased<OptionShape[string]>(clipTextModel.schema.shape as OptionShape),
    ...unused,
    architectures: option
      .list(option.custom<string>("a name", (value) => typeof value === "string"))
      .optional()
      .describe("the class: CLIPTextModelWithProjection has a projection, others have none"),
  },
  create(given): ReferenceTextModel {
    const {
      architectures = [],
      projection_dim,
      ...others
    } = given as {
      readonly architectures?: readonly string[];
      readonly projection_dim?: number;
    };
    const projects = architectures.includes("CLIPTextModelWithProjection");
    const read = Object.entries({ ...others, ...(projects ? { projection_dim } : {}) });
    const used = read.filter(([name]) => !(name in unused));
    return {
      spec: { ...stated(camelCased(Object.fromEntries(used))), name: "clip" },
      names,
    };
  },
}) as Plugin<never, ReferenceTextModel>;

const rules: Rules = [
  [/^tokens\./, "text_model.embeddings.token_embedding."],
  [/^positions\./, "text_model.embeddings.position_embedding."],
  [/^layers\./, "text_model.encoder.layers."],
  [/\.attention\.(q|k|v|out)\./, ".self_attn.$1_proj."],
  [/\.dense0\./, ".mlp.fc1."],
  [/\.dense1\./, ".mlp.fc2."],
  [/\.norm([12])\./, ".layer_norm$1."],
  [/^norm\./, "text_model.final_layer_norm."],
  [/^projection\./, "text_projection."],
];

/** Newer files leave out the prefix, older ones hold the numbers of the positions besides. */
const names: TensorNames = Object.assign(renaming(rules), {
  current: (theirs: string) =>
    /^(embeddings|encoder|final_layer_norm)\./.test(theirs) ? `text_model.${theirs}` : theirs,
  ignored: /(^|\.)position_ids$/,
});
