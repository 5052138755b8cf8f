import type { ParamSpec } from "@ddpm/core";
import type { SafeTensor } from "@ddpm/weights";
import type { Layout } from "@ddpm/weights/authoring";
import { interleaved } from "../../weights/layouts.ts";
import { type Rules, renaming, type TensorNames, usualLayout } from "../../weights/names.ts";

export interface EdmNamesOptions {
  readonly adm: boolean;
  readonly precond?: string | null | undefined;
  /** Pixels of a side, by level. */
  readonly sides: readonly number[];
  readonly encoder_type: "standard" | "skip" | "residual";
  readonly decoder_type: "standard" | "skip";
  readonly resample_filter: readonly number[];
  readonly M: number;
  readonly C_1: number;
  readonly C_2: number;
  headsOf(channels: number): number;
}

/**
 * Names in the state dict of SongUNet or DhariwalUNet. Levels are named by their side in pixels (`enc.32x32_block0`); the filters
 * are constants in the file; q, k and v of a head alternate channel by channel.
 */
export function edmNames(options: EdmNamesOptions): TensorNames {
  const prefix = options.precond ? "model." : "";
  const layoutOf = (ours: ParamSpec): Layout => {
    const joint = /attn\d+\.qkv\.(kernel|bias)$/.exec(ours.name);
    if (!joint) return usualLayout(ours);
    return interleaved(options.headsOf(ours.shape.at(-1)! / 3), usualLayout(ours));
  };
  const rename = renaming(rules(options), layoutOf);
  const names = (ours: ParamSpec): ReturnType<TensorNames> => {
    const { name, layout } = rename(ours);
    return { name: prefix + name, layout };
  };
  const constants = [...filters(options)].map(([name, tensor]) => [prefix + name, tensor] as const);
  const table = options.precond === "iDDPMPrecond" ? [["u", sigmas(options)] as const] : [];
  return Object.assign(names, { constants: Object.fromEntries([...table, ...constants]) });
}

function rules({ adm, sides, encoder_type }: EdmNamesOptions): Rules {
  const at = (level: string | number): string => `${sides[Number(level)]}x${sides[Number(level)]}`;
  const deepest = sides.length - 1;
  return [
    [/\.norm1\./, ".norm0."],
    [/\.conv1\./, ".conv0."],
    [/\.time\./, ".affine."],
    [/\.norm2\./, ".norm1."],
    [/\.conv2\./, ".conv1."],
    [/\.shortcut\./, ".skip."],
    [/\.attn(\d+)\.norm\./, ".res$1.norm2."],
    [/\.attn(\d+)\.qkv\./, ".res$1.qkv."],
    [/\.attn(\d+)\.out\./, ".res$1.proj."],
    [/^stem\./, `enc.${at(0)}_conv.`],
    [/^time\.dense(\d)\./, "map_layer$1."],
    [/^time\.frequencies$/, "map_noise.freqs"],
    [/^labels\./, "map_label."],
    [/^augment\./, "map_augment."],
    [/^mid\.res(\d)\./, `dec.${at(deepest)}_in$1.`],
    [/^down\.(\d+)\.res(\d+)\./, (level, index) => `enc.${at(level!)}_block${index}.`],
    // Of ADM's two ways our U has the halving at the end of a level, theirs at the start of the next.
    [/^down\.(\d+)\.down\./, (level) => `enc.${at(adm ? Number(level) + 1 : level!)}_down.`],
    [/^down\.(\d+)\.picture\./, (level) => `enc.${at(level!)}_aux_${encoder_type}.`],
    [/^up\.(\d+)\.res(\d+)\./, (level, index) => `dec.${at(level!)}_block${index}.`],
    [/^up\.(\d+)\.up\./, (level) => `dec.${at(adm ? Number(level) - 1 : level!)}_up.`],
    [/^up\.(\d+)\.out\.(norm|conv)\./, (level, part) => `dec.${at(level!)}_aux_${part}.`],
    [/^out\.(norm|conv)\./, "out_$1."],
  ];
}

/** The filter that every resampling layer stores, [1, 1, taps, taps] with sum 1. */
function* filters(options: EdmNamesOptions): Iterable<readonly [string, SafeTensor]> {
  const taps = options.adm ? [1, 1] : options.resample_filter;
  const sum = taps.reduce((total, tap) => total + tap, 0);
  const data = Float32Array.from(
    { length: taps.length ** 2 },
    (_, i) => (taps[Math.floor(i / taps.length)]! * taps[i % taps.length]!) / sum ** 2,
  );
  const filter: SafeTensor = { dtype: "F32", shape: [1, 1, taps.length, taps.length], data };
  for (const [level, side] of options.sides.entries()) {
    const at = `${side}x${side}`;
    const layers = [
      ...(level > 0 ? [`enc.${at}_down.conv0`, `enc.${at}_down.skip`] : []),
      ...(level > 0 && !options.adm && options.encoder_type === "skip" ? [`enc.${at}_aux_down`] : []),
      ...(level > 0 && !options.adm && options.encoder_type === "residual" ? [`enc.${at}_aux_residual`] : []),
      ...(level < options.sides.length - 1 ? [`dec.${at}_up.conv0`, `dec.${at}_up.skip`] : []),
      ...(level < options.sides.length - 1 && !options.adm && options.decoder_type === "skip"
        ? [`dec.${at}_aux_up`]
        : []),
    ];
    for (const layer of layers) yield [`${layer}.resample_filter`, filter];
  }
}

/** iDDPMPrecond's noise levels u_0 … u_M, the largest first. Source: Karras et al. 2022, table 1, "iDDPM". */
function sigmas({ M, C_1, C_2 }: EdmNamesOptions): SafeTensor {
  const alphaBar = (j: number): number => Math.sin((0.5 * Math.PI * j) / M / (C_2 + 1)) ** 2;
  const u = new Float64Array(M + 1);
  for (let j = M; j > 0; j--) {
    const ratio = Math.max(alphaBar(j - 1) / alphaBar(j), C_1);
    u[j - 1] = Math.sqrt((u[j]! ** 2 + 1) / ratio - 1);
  }
  return { dtype: "F32", shape: [M + 1], data: Float32Array.from(u) };
}
