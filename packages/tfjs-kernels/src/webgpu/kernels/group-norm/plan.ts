import type { GroupNormAttributes } from "../../../contract.ts";
import { elementOf, sigmoid, total, widthOf } from "../../program/element.ts";
import { joinRows } from "../../program/join-rows.ts";
import type { Numbers } from "../../program/launch.ts";

/** Elements that are worth an invocation, and the bounds of a workgroup. */
const EACH = 16;
const [FEWEST, MOST] = [32, 256];

/** Numbers of one group that one workgroup takes on alone; beyond it a group is shared out. */
const ALONE = 2 ** 16;

/** How a norm is cut: one workgroup per image, group and part of the pixels. */
export interface NormPlan {
  readonly element: ReturnType<typeof elementOf>;
  readonly parts: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
  readonly numbers: Numbers;
  /** Workgroups of a launch over all parts. */
  readonly workgroups: number;
}

/**
 * @param shape [B, H, W, C]
 * @param batch of scale and shift: 1, or B where each image has its own
 */
export function planOf(
  shape: readonly number[],
  batch: number,
  { groups, eps }: GroupNormAttributes,
): NormPlan {
  const [images, height, width, channels] = shape as [number, number, number, number];
  const pixels = height * width;
  const perGroup = channels / groups;
  const element = elementOf(perGroup);
  const wide = widthOf(element);
  const span = Math.ceil(pixels / Math.min(64, Math.ceil((pixels * perGroup) / ALONE)));
  const parts = Math.ceil(pixels / span);
  const worth = 2 ** Math.ceil(Math.log2((span * perGroup) / wide / EACH));
  return {
    element,
    parts,
    lanes: Math.max(FEWEST, Math.min(MOST, worth)),
    numbers: {
      images: { i32: images },
      pixels: { i32: pixels },
      span: { i32: span },
      parts: { i32: parts },
      channels: { i32: channels / wide },
      groups: { i32: groups },
      perGroup: { i32: perGroup / wide },
      members: { f32: pixels * perGroup },
      perImage: { i32: batch === 1 ? 0 : channels / wide },
      // Of the gradients: where an image's sums begin, and how far behind those for the scale those for the shift are.
      sumsOfImage: { i32: (batch === images ? channels : 2 * channels) / wide },
      ofDz: { i32: (batch === images ? images * channels : channels) / wide },
      eps: { f32: eps },
    },
    workgroups: images * groups * parts,
  };
}

/**
 * WGSL that every program of the norm begins with: `place(group)` says which pixels and channels a workgroup has, and
 * `joined` adds up a number of every invocation, the same in all of them.
 */
export const common = (plan: NormPlan): string => `
  alias E = ${plan.element};
  const WIDTH = ${widthOf(plan.element)}.0;
  const LANES = ${plan.lanes};
  var<workgroup> shared_: array<f32, LANES>;
  ${sigmoid(plan.element)}
  ${total(plan.element)}

  struct Place { image: i32, group: i32, part: i32, first: i32, last: i32, start: i32, parameters: i32 };

  fn place(group: vec3<u32>) -> Place {
    let part = i32(group.x) % uniforms.parts;
    let row = i32(group.x) / uniforms.parts;
    let image = row / uniforms.groups;
    let g = row % uniforms.groups;
    let first = part * uniforms.span;
    let channel = g * uniforms.perGroup;
    return Place(image, g, part, first, min(first + uniforms.span, uniforms.pixels),
      image * uniforms.pixels * uniforms.channels + channel, image * uniforms.perImage + channel);
  }

  fn joined(value: f32, index: u32) -> f32 {
    shared_[index] = value;
    ${joinRows({
      rows: "LANES",
      row: "i32(index)",
      stride: "1",
      at: "i32(index)",
      join: (at, other) => `shared_[${at}] += shared_[${other}];`,
    })}
    let sum = shared_[0];
    workgroupBarrier();
    return sum;
  }`;
