import { type Denoiser, fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { denoiserFrom } from "../../denoiser-from.ts";
import { inputChannels, inputsOf } from "../../input.ts";
import { conv2d } from "../../layers/linear/conv2d.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import { type Flow, type FlowLevel, keep } from "../../layers/skeletons/image-flow.ts";
import { type Layer, type Scope, scope } from "../../scope.ts";
import { unet2dDown } from "./down.ts";
import { unet2dEmbedding } from "./embedding.ts";
import type { LevelKind } from "./kinds.ts";
import { unet2dMiddle } from "./middle.ts";
import { type Attend, attentionOf, type Shared, skipGroups } from "./parts.ts";
import type { Structure } from "./structure.ts";
import { unet2dUp } from "./up.ts";

/** The network of a {@link Structure}. @throws DdpmError for kinds of levels that do not fit each other */
export function unet2dNetwork(given: Structure): Denoiser {
  const { channels, outputs, widths, embedding, down: downKinds, up: upKinds } = given;
  const deepest = widths.length - 1;
  checkKinds(downKinds, upKinds, !given.learnsVariance);
  const root = scope();
  const first = widths[0]!;
  const shared: Shared = given;
  const embed = unet2dEmbedding(root, { ...given, width: first });
  const taken = inputChannels(given);
  const stem = conv2d(root.child("stem"), { in: taken, out: first });
  const kept = [first];
  const down = widths.map((out, level) => {
    const kind = downKinds[level]!;
    const halves = level < deepest;
    const at = root.child("down").child(level);
    const before = widths[Math.max(0, level - 1)]!;
    const made = unet2dDown(at, shared, { kind, in: before, out, halves, channels: taken });
    kept.push(...Array<number>(given.blocks + (halves && kind !== "k" ? 1 : 0)).fill(out));
    return made;
  });
  const middle = middleOf(root.child("mid"), given);
  let wide = widths[deepest]!;
  const up = widths
    .map((out, level) => ({ out, level, next: widths[Math.max(0, level - 1)]! }))
    .reverse()
    .map(({ out, level, next }): FlowLevel => {
      const kind = upKinds[level]!;
      const takes = kept.splice(kept.length - given.blocks - (kind === "k" ? 0 : 1)).reverse();
      const at = root.child("up").child(level);
      const more = { next, kept: takes, doubles: level > 0, channels: outputs };
      const made = unet2dUp(at, shared, { kind, in: wide, out, ...more });
      wide = kind === "k" ? next : out;
      return made;
    });
  const head = headOf(root.child("out"), given);

  return denoiserFrom(root, {
    name: "unet2d",
    channels,
    multiple: 2 ** deepest,
    ...(given.classKind === "vector" ? { vector: embedding } : { classes: given.classes }),
    ...inputsOf(given),
    learnsVariance: given.learnsVariance,
    outputs,
    forward(run, x, noise, condition) {
      const embedded = embed(run, noise, condition);
      const picture: tf.Tensor4D = given.centre ? tf.sub(tf.mul(2, x), 1) : x;
      const h = stem(run, picture);
      let flow: Flow = keep({ h, kept: [], picture }, h);
      for (const level of down) flow = level(run, flow, embedded);
      flow = { ...flow, picture: undefined, h: middle ? middle(run, flow.h, embedded) : flow.h };
      for (const level of up) flow = level(run, flow, embedded);
      const y = head(run, flow.h);
      const sum: tf.Tensor4D = flow.picture ? tf.add(y, flow.picture) : y;
      return given.waves === "fourier" ? tf.div(sum, tf.reshape(noise, [-1, 1, 1, 1])) : sum;
    },
  });
}

function middleOf(at: Scope, given: Structure): Attend | undefined {
  const { middle, attentionMiddle, middleNorm, middleScale } = given;
  if (!middle) return undefined;
  const channels = given.widths.at(-1)!;
  const norm = {
    groups: middleNorm ?? undefined,
    ...(middleScale === 1 ? {} : { outputScale: middleScale }),
  };
  const attend = (): Attend => attentionOf(at.child("attn"), given, channels, norm);
  const attended = attentionMiddle ? { attend } : {};
  return unet2dMiddle(at, given, { kind: "attention", channels, scale: middleScale, ...attended });
}

/** The last norm and convolution. */
function headOf(at: Scope, { widths, groups, eps, outputs }: Structure): Layer<tf.Tensor4D> {
  const channels = widths[0]!;
  const shape = { channels, groups: groups ?? skipGroups(channels), eps };
  const norm = groupNorm(at.child("norm"), { ...shape, activation: "silu" });
  const conv = conv2d(at.child("conv"), { in: channels, out: outputs });
  return (run, h) => conv(run, norm(run, h));
}

/** Which kinds of levels fit each other. @throws DdpmError naming those that do not */
function checkKinds(down: readonly LevelKind[], up: readonly LevelKind[], single: boolean): void {
  const where = "unet/unet2d";
  const all = [...down, ...up];
  if (all.includes("k") && all.some((kind) => kind !== "k")) {
    fail(
      where,
      "K levels next to others.",
      "They skip other features: take K types for all levels, or for none.",
    );
  }
  const carries = (kind: LevelKind): boolean => kind.startsWith("skip");
  const halving = down.slice(0, -1).map(carries);
  if (halving.some((has, level) => has && !halving.slice(0, level).every(Boolean))) {
    fail(where, "skip levels below others on the way down.", "The picture shrinks from the finest level on.");
  }
  const growing = up.map(carries);
  if (growing.some((has, level) => has && level > 0 && !growing.slice(0, level).every(Boolean))) {
    fail(where, "skip levels below others on the way up.", "The picture grows up to the finest level.");
  }
  if (!single && growing.slice(1).some(Boolean)) {
    fail(
      where,
      "skip levels on the way up and learned variances.",
      "The picture has the channels of the output.",
    );
  }
}
