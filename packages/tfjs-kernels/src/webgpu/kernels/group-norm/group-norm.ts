import type { TensorInfo } from "@tensorflow/tfjs-core";
import { GROUP_NORM, type GroupNormAttributes } from "../../../contract.ts";
import type { WebgpuBackend } from "../../backend.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { type Launch, launch } from "../../program/launch.ts";
import { common, type NormPlan, planOf } from "./plan.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly scale: TensorInfo;
  readonly shift: TensorInfo;
}

/** Mean and sum of squared distances from it, of the numbers of one workgroup. */
const moments = `
  fn momentsOf(p: Place, index: u32) -> vec2<f32> {
    let size = (p.last - p.first) * uniforms.perGroup;
    let count = f32(size) * WIDTH;
    var sum = E();
    for (var i = i32(index); i < size; i += LANES) {
      sum += x[p.start + (p.first + i / uniforms.perGroup) * uniforms.channels + i % uniforms.perGroup];
    }
    let mean = joined(total(sum), index) / count;
    var squares = E();
    for (var i = i32(index); i < size; i += LANES) {
      let d = x[p.start + (p.first + i / uniforms.perGroup) * uniforms.channels + i % uniforms.perGroup] - mean;
      squares += d * d;
    }
    return vec2<f32>(mean, joined(total(squares), index));
  }`;

const apply = (activation: GroupNormAttributes["activation"]): string => `
  fn normalise(p: Place, index: u32, mean: f32, rstd: f32) {
    let size = (p.last - p.first) * uniforms.perGroup;
    for (var i = i32(index); i < size; i += LANES) {
      let c = i % uniforms.perGroup;
      let at = p.start + (p.first + i / uniforms.perGroup) * uniforms.channels + c;
      let z = (x[at] - mean) * (rstd * scale[p.parameters + c]) + shift[p.parameters + c];
      y[at] = ${activation === "silu" ? "z * sigmoid(z)" : "z"};
    }
  }`;

const sourceOf = (plan: NormPlan, ...parts: readonly string[]): string => [common(plan), ...parts].join("\n");

/** One dispatch: a workgroup has a whole group. */
function alone(backend: WebgpuBackend, tensors: Tensors, plan: NormPlan, attrs: GroupNormAttributes): void {
  const { x, scale, shift, y, mean, rstd } = tensors;
  launch(backend, {
    name: GROUP_NORM,
    key: `${plan.element} ${plan.lanes} ${attrs.activation}`,
    inputs: { x, scale, shift },
    outputs: { y, means: mean, rstds: rstd },
    types: { x: plan.element, scale: plan.element, shift: plan.element, y: plan.element },
    numbers: plan.numbers,
    workgroup: [plan.lanes],
    workgroups: [plan.workgroups],
    source: () =>
      sourceOf(
        plan,
        moments,
        apply(attrs.activation),
        `fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
          let p = place(group);
          let found = momentsOf(p, index);
          let rstd = inverseSqrt(found.y / uniforms.members + uniforms.eps);
          if (index == 0u) {
            means[group.x] = found.x;
            rstds[group.x] = rstd;
          }
          normalise(p, index, found.x, rstd);
        }`,
      ),
  });
}

/** Moments of every part. */
function partialMoments(plan: NormPlan, x: TensorInfo, partial: TensorInfo): Launch {
  return {
    name: "GroupNorm.moments",
    key: `${plan.element} ${plan.lanes}`,
    inputs: { x },
    outputs: { partial },
    types: { x: plan.element, partial: "vec2<f32>" },
    numbers: plan.numbers,
    workgroup: [plan.lanes],
    workgroups: [plan.workgroups],
    source: () =>
      sourceOf(
        plan,
        moments,
        `fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
          let found = momentsOf(place(group), index);
          if (index == 0u) { partial[group.x] = found; }
        }`,
      ),
  };
}

/** Joins the moments of a group's parts (Chan et al. 1979) and normalises this workgroup's part. */
const joinAndNormalise = `
  fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
    let p = place(group);
    let row = i32(group.x) / uniforms.parts;
    let each = uniforms.members / f32(uniforms.pixels);
    var mean = 0.0;
    for (var i = 0; i < uniforms.parts; i++) {
      let count = f32(min(uniforms.span, uniforms.pixels - i * uniforms.span)) * each;
      mean += partial[row * uniforms.parts + i].x * (count / uniforms.members);
    }
    var squares = 0.0;
    for (var i = 0; i < uniforms.parts; i++) {
      let count = f32(min(uniforms.span, uniforms.pixels - i * uniforms.span)) * each;
      let found = partial[row * uniforms.parts + i];
      squares += found.y + count * (found.x - mean) * (found.x - mean);
    }
    let rstd = inverseSqrt(squares / uniforms.members + uniforms.eps);
    if (index == 0u && p.part == 0) {
      means[row] = mean;
      rstds[row] = rstd;
    }
    normalise(p, index, mean, rstd);
  }`;

/** Two dispatches: moments of every part, joined by each part's own workgroup. */
function shared(backend: WebgpuBackend, tensors: Tensors, plan: NormPlan, attrs: GroupNormAttributes): void {
  const { x, scale, shift, y, mean, rstd } = tensors;
  const { element } = plan;
  const partial = backend.makeTensorInfo([plan.workgroups, 2], "float32");
  launch(backend, partialMoments(plan, x, partial));
  launch(backend, {
    name: "GroupNorm.apply",
    key: `${element} ${plan.lanes} ${attrs.activation}`,
    inputs: { x, scale, shift, partial },
    outputs: { y, means: mean, rstds: rstd },
    types: { x: element, scale: element, shift: element, y: element, partial: "vec2<f32>" },
    numbers: plan.numbers,
    workgroup: [plan.lanes],
    workgroups: [plan.workgroups],
    source: () => sourceOf(plan, apply(attrs.activation), joinAndNormalise),
  });
  backend.disposeData(partial.dataId);
}

interface Tensors extends Inputs {
  readonly y: TensorInfo;
  readonly mean: TensorInfo;
  readonly rstd: TensorInfo;
}

/**
 * Group normalisation (Wu & He 2018) of x [B, H, W, C] with scale and shift [1 or B, 1, 1, C], then SiLU if asked for.
 * Outputs y like x, mean and 1 / deviation [B, groups].
 */
export const groupNorm: WebgpuKernel = kernel<Inputs, GroupNormAttributes>(
  GROUP_NORM,
  "ours: the norm and its activation in one dispatch, two for large images",
  ({ inputs, attrs, backend }) => {
    const { x, scale } = inputs;
    const plan = planOf(x.shape, scale.shape[0]!, attrs);
    const statistics = [x.shape[0]!, attrs.groups];
    const y = backend.makeTensorInfo(x.shape, "float32");
    const mean = backend.makeTensorInfo(statistics, "float32");
    const rstd = backend.makeTensorInfo(statistics, "float32");
    (plan.parts === 1 ? alone : shared)(backend, { ...inputs, y, mean, rstd }, plan, attrs);
    return [y, mean, rstd];
  },
);
