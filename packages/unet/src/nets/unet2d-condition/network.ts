import type { Denoiser } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { denoiserFrom } from "../../denoiser-from.ts";
import { inputChannels, inputsOf } from "../../input.ts";
import { activations } from "../../layers/activations/activations.ts";
import { conv2d } from "../../layers/linear/conv2d.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import { type Flow, type FlowLevel, keep } from "../../layers/skeletons/image-flow.ts";
import { type Layer, type Scope, scope } from "../../scope.ts";
import { attendOf } from "../unet2d/attend.ts";
import { unet2dDown } from "../unet2d/down.ts";
import { isK, type LevelKind } from "../unet2d/kinds.ts";
import { unet2dMiddle } from "../unet2d/middle.ts";
import { type Attend, type Shared, skipGroups } from "../unet2d/parts.ts";
import { unet2dUp } from "../unet2d/up.ts";
import { conditionEmbedding } from "./embedding.ts";
import type { ConditionLevel } from "./levels.ts";
import { contextProjection } from "./projection.ts";
import type { ConditionStructure } from "./structure.ts";
import { vectorPartsOf } from "./vector-parts.ts";

/** The network of a {@link ConditionStructure}. */
export function unet2dConditionNetwork(given: ConditionStructure): Denoiser {
  const { channels, outputs, widths, vectorParts } = given;
  const root = scope();
  const first = widths[0]!;
  const embed = conditionEmbedding(root, { ...given, width: first });
  const project = contextProjection(root.child("projection"), given);
  const stem = conv2d(root.child("stem"), { in: inputChannels(given), out: first, kernel: given.stemKernel });
  const { down, up, middle } = levelsIn(root, given);
  const head = headOf(root.child("out"), given);
  const numbers = Object.values(vectorParts).reduce((sum, count) => sum + count, 0);

  return denoiserFrom(root, {
    name: "unet2d-condition",
    channels,
    multiple: multipleOf(given),
    classes: given.classes,
    ...(numbers > 0 ? { vector: numbers, vectorParts } : {}),
    context: given.context,
    ...inputsOf(given),
    learnsVariance: given.learnsVariance,
    outputs,
    forward(run, x, noise, condition) {
      const parts = vectorPartsOf(vectorParts, condition, x.shape[0]);
      const context = project(run, condition, parts);
      const embedded = { ...embed(run, noise, condition, parts), context };
      const h = stem(run, given.centre ? tf.sub(tf.mul(2, x), 1) : x);
      let flow: Flow = keep({ h, kept: [] }, h);
      for (const level of down) flow = level(run, flow, embedded);
      if (middle) flow = { ...flow, h: middle(run, flow.h, embedded) };
      for (const level of up) flow = level(run, flow, embedded);
      return head(run, flow.h);
    },
  });
}

interface Levels {
  readonly down: readonly FlowLevel[];
  /** The coarsest first. */
  readonly up: readonly FlowLevel[];
  readonly middle: Attend | undefined;
}

function levelsIn(root: Scope, given: ConditionStructure): Levels {
  const { widths } = given;
  const deepest = widths.length - 1;
  const kept = [widths[0]!];
  const down = widths.map((out, level) => {
    const { kind, ...own } = given.down[level]!;
    const halves = level < deepest;
    const before = widths[Math.max(0, level - 1)]!;
    kept.push(...Array<number>(keptBy(kind, own.blocks, halves)).fill(out));
    const options = { kind, in: before, out, halves, channels: given.channels };
    return unet2dDown(root.child("down").child(level), sharedOf(given, own), options);
  });
  const middle = given.middle && middleOf(root.child("mid"), given, given.middle);
  let wide = widths[deepest]!;
  const up = widths
    .map((out, level) => ({ out, level, next: widths[Math.max(0, level - 1)]! }))
    .reverse()
    .map(({ out, level, next }) => {
      const { kind, ...own } = given.up[level]!;
      const none = level === deepest && given.down[level]!.kind === "k-context";
      const count = none ? 0 : own.blocks + (isK(kind) ? 0 : 1);
      const takes = kept.splice(kept.length - count).reverse();
      const options = { kind, in: wide, out, next, kept: takes, doubles: level > 0, channels: given.outputs };
      wide = isK(kind) ? next : out;
      return unet2dUp(root.child("up").child(level), sharedOf(given, own), options);
    });
  return { down, up, middle };
}

/** How many features a level on the way down keeps. */
function keptBy(kind: LevelKind, blocks: number, halves: boolean): number {
  if (kind === "k-context") return halves ? blocks : 0;
  return blocks + (halves && kind !== "k" ? 1 : 0);
}

/** What the parts of a level have in common. */
function sharedOf(given: ConditionStructure, level: Omit<ConditionLevel, "kind">): Shared {
  const { dropout, activation, groups, eps, scaleShift, padding, rawEmbedding, blockScale } = given;
  return {
    ...{ dropout, activation, groups, eps, scaleShift, padding, rawEmbedding, blockScale },
    embedding: given.blockEmbedding,
    halving: "conv",
    doubling: "conv",
    ...level,
  };
}

function middleOf(at: Scope, given: ConditionStructure, { kind, ...level }: ConditionLevel): Attend {
  const channels = given.widths.at(-1)!;
  const shared = { ...sharedOf(given, level), groups: given.groups ?? skipGroups(channels) };
  const attend = () => attendOf(at, shared, kind, { channels, index: 0 })!;
  return unet2dMiddle(at, shared, {
    ...{ kind, channels, scale: given.middleScale },
    ...(kind === "plain" ? { single: true } : { attend }),
  });
}

/** The last norm and convolution. */
function headOf(
  at: Scope,
  { widths, groups, eps, activation, outputs, headKernel }: ConditionStructure,
): Layer<tf.Tensor4D> {
  const channels = widths[0]!;
  const silu = activation === "silu" ? { activation } : {};
  const norm = groups === null ? undefined : groupNorm(at.child("norm"), { channels, groups, eps, ...silu });
  const act = activations[activation];
  const conv = conv2d(at.child("conv"), { in: channels, out: outputs, kernel: headKernel });
  return (run, h) => {
    if (!norm) return conv(run, h);
    const normed = norm(run, h);
    return conv(run, activation === "silu" ? normed : act(normed));
  };
}

/** Sizes need not divide where every level halves and doubles by convolutions. */
function multipleOf({ widths, down, up }: ConditionStructure): number {
  const convolves = ({ kind }: ConditionLevel): boolean => kind === "plain" || kind === "context";
  const any = down.slice(0, -1).every(convolves) && up.slice(1).every(convolves);
  return any ? 1 : 2 ** (widths.length - 1);
}
