import type { ParamSpec } from "@ddpm/core";
import { unet1d } from "@ddpm/unet";
import { type CompleteConfig1D, CUBIC, type Structure1D, structureOf1D } from "@ddpm/unet/authoring";
import type { SafeTensor } from "@ddpm/weights";
import type { Layout } from "@ddpm/weights/authoring";
import { type Family, family } from "../family.ts";
import { argumentsIn, camelCased, referenceOptions } from "../network/reference-options.ts";
import { pixelLinear } from "../weights/layouts.ts";
import { type Rules, renaming, type TensorNames, usualLayout } from "../weights/names.ts";

const options = referenceOptions(unet1d, { ours: ["channels"] });

/** What the reference takes where its arguments are left out, and our network does not. */
const USUAL = { in_channels: 2, out_channels: 2, extra_in_channels: 0 };

/** Networks and state dicts of diffusers' UNet1DModel, from the fields of its `config.json`. */
export const diffusers1d: Family = family({
  name: "diffusers-1d",
  about: "UNet1DModel of Hugging Face diffusers: audio, planning and value functions.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_1d.py",
  options,
  networks: { unet1d: { arguments: argumentsOf, resolve } },
  create(given) {
    const named = camelCased({ ...USUAL, ...defined(given) });
    const structure = structureOf1D(unet1d.schema.parse(named) as unknown as CompleteConfig1D);
    return { spec: { ...named, name: "unet1d" }, names: namesOf(structure) };
  },
});

function defined(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function namesOf(structure: Structure1D): TensorNames {
  return Object.assign(renaming(rules, layoutOf), { constants: filters(structure) });
}

const rules: Rules = [
  [/^time\.frequencies$/, "time_proj.weight"],
  [/^time\.dense0\./, "time_mlp.linear_1."],
  [/^time\.dense1\./, "time_mlp.linear_2."],
  [/^out\.conv0\./, "out_block.final_conv1d_1."],
  [/^out\.norm\./, "out_block.final_conv1d_gn."],
  [/^out\.conv1\./, "out_block.final_conv1d_2."],
  [/^out\.dense0\./, "out_block.final_block.0."],
  [/^out\.dense1\./, "out_block.final_block.2."],
  [/^(down|up)\.(\d+)\./, "$1_blocks.$2."],
  [/^mid\./, "mid_block."],
  [/\.res(\d+)\./, ".resnets.$1."],
  [/\.attn(\d+)\./, ".attentions.$1."],
  [/(attentions\.\d+)\.norm\./, "$1.group_norm."],
  [/(attentions\.\d+)\.q\./, "$1.query."],
  [/(attentions\.\d+)\.k\./, "$1.key."],
  [/(attentions\.\d+)\.v\./, "$1.value."],
  [/(attentions\.\d+)\.out\./, "$1.proj_attn."],
  [/\.(conv|norm)(In|Out)\./, (kind, end) => temporalName(kind!, end!)],
  [/\.time\./, ".time_emb."],
  [/\.shortcut\./, ".residual_conv."],
  [/\.skip\./, ".conv_skip."],
  [/\.conv([12])\./, ".conv_$1."],
  [/\.norm([12])\./, ".group_norm_$1."],
  [/^mid_block\.(\d)\.resnets\.0\./, (stage) => `mid_block.res${Number(stage) + 1}.`],
  [/^mid_block\.(\d)\.down\./, (stage) => `mid_block.down${Number(stage) + 1}.conv.`],
  [/^(down_blocks\.\d+|mid_block)\.down\./, "$1.downsample.conv."],
  [/^(up_blocks\.\d+)\.up\./, "$1.upsample.conv."],
];

function temporalName(kind: string, end: string): string {
  return `.conv_${end.toLowerCase()}.${kind === "conv" ? "conv1d" : "group_norm"}.`;
}

function layoutOf(ours: ParamSpec): Layout {
  return ours.shape.length === 4 ? pixelLinear : usualLayout(ours);
}

/** The cubic filters that the reference stores with the weights. */
function filters({ down, middle, up }: Structure1D): Readonly<Record<string, SafeTensor>> {
  const smooth = (kind: string): boolean => kind === "plain" || kind === "attention";
  const names = [
    ...down.flatMap(({ kind }, i) => (smooth(kind) ? [`down_blocks.${i}.down.kernel`] : [])),
    ...up.flatMap(({ kind }, i) => (smooth(kind) ? [`up_blocks.${i}.up.kernel`] : [])),
    ...(smooth(middle) ? ["mid_block.down.kernel", "mid_block.up.kernel"] : []),
  ];
  return Object.fromEntries(
    names.map((name) => {
      const gain = name.endsWith("up.kernel") ? 2 : 1;
      const data = Float32Array.from(CUBIC, (tap) => gain * tap);
      return [name, { dtype: "F32", shape: [CUBIC.length], data }];
    }),
  );
}

/** Complete options of our network. */
type Unet1d = CompleteConfig1D & { readonly learnsVariance?: boolean };

function argumentsOf(given: Unet1d): Readonly<Record<string, unknown>> {
  const { channels, outputs, extra } = countsOf(given);
  return {
    ...argumentsIn(options, given),
    ...{ in_channels: channels, out_channels: outputs, extra_in_channels: extra },
  };
}

/** Channels as the reference counts them. */
function countsOf(given: Unet1d): {
  readonly channels: number;
  readonly outputs: number;
  readonly extra: number;
} {
  const { channels, down, ...structure } = structureOf1D(given);
  const extra = given.extraInChannels ?? (down[0]!.kind === "time" ? structure.waveWidth : 0);
  const taken = down[0]!.in - extra;
  const outputs = given.outChannels ?? (given.learnsVariance ? 2 : 1) * channels;
  return { channels: taken, outputs, extra };
}

/** Options that follow from others, or have no effect, by one value each. */
function resolve(given: Unet1d): object {
  const { channels, outputs, extra } = countsOf(given);
  const { outBlockType, useTimestepEmbedding, actFn, timeEmbeddingType } = given;
  const fourier = timeEmbeddingType === "fourier";
  const acts = useTimestepEmbedding || (outBlockType ?? null) !== null;
  return {
    ...{ inChannels: channels, outChannels: outputs, channels: undefined, learnsVariance: undefined },
    ...{ extraInChannels: extra, sampleSize: undefined, sampleRate: undefined },
    timeEmbeddingDim: fourier ? (given.timeEmbeddingDim ?? 2 * given.blockOutChannels[0]!) : undefined,
    freqShift: fourier ? undefined : given.freqShift,
    outBlockType: outBlockType ?? undefined,
    actFn: acts ? (actFn === "swish" ? "silu" : actFn) : undefined,
    normNumGroups: outBlockType === "OutConv1DBlock" ? structureOf1D(given).groups : undefined,
  };
}
