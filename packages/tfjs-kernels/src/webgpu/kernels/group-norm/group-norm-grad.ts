import type { TensorInfo } from "@tensorflow/tfjs-core";
import { GROUP_NORM_GRAD, type GroupNormAttributes } from "../../../contract.ts";
import type { WebgpuBackend } from "../../backend.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { joinRows } from "../../program/join-rows.ts";
import { type Launch, launch } from "../../program/launch.ts";
import { sumRows } from "../../program/sum-rows.ts";
import { common, type NormPlan, planOf } from "./plan.ts";

interface Inputs {
  readonly dy: TensorInfo;
  readonly x: TensorInfo;
  readonly scale: TensorInfo;
  readonly shift: TensorInfo;
  readonly mean: TensorInfo;
  readonly rstd: TensorInfo;
}

/** `slopes(at, …)`: the normalised x and the gradient before the activation, at one element. */
const slopes = (activation: GroupNormAttributes["activation"]): string => `
  struct Slopes { normed: E, dz: E };
  fn slopes(at: i32, gain: E, level: E, mean: f32, rstd: f32) -> Slopes {
    let normed = (x[at] - mean) * rstd;
    let z = normed * gain + level;
    ${
      activation === "silu"
        ? "let s = sigmoid(z); return Slopes(normed, dy[at] * (s * (1.0 + z * (1.0 - s))));"
        : "return Slopes(normed, dy[at]);"
    }
  }`;

/**
 * Sums over the workgroup's pixels, channel by channel, of dz and of dz times the normalised x, into `sums`; returns
 * this invocation's share of those sums times the scale.
 */
const channelSums = `
  var<workgroup> ofDz: array<E, LANES>;
  var<workgroup> ofProduct: array<E, LANES>;

  fn channelSums(p: Place, index: u32, mean: f32, rstd: f32) -> vec2<f32> {
    let columns = min(LANES, uniforms.perGroup);
    let rows = LANES / columns;
    let column = i32(index) % columns;
    let row = i32(index) / columns;
    let target_ = (p.part * uniforms.images * 2 * uniforms.channels)
      + p.image * uniforms.sumsOfImage + p.group * uniforms.perGroup;
    var weighted = vec2<f32>();
    for (var begin = 0; begin < uniforms.perGroup; begin += columns) {
      let c = begin + column;
      var first = E();
      var second = E();
      if (row < rows && c < uniforms.perGroup) {
        let gain = scale[p.parameters + c];
        let level = shift[p.parameters + c];
        for (var pixel = p.first + row; pixel < p.last; pixel += rows) {
          let found = slopes(p.start + pixel * uniforms.channels + c, gain, level, mean, rstd);
          first += found.dz;
          second += found.dz * found.normed;
        }
      }
      ofDz[index] = first;
      ofProduct[index] = second;
      ${joinRows({
        rows: "rows",
        row: "row",
        stride: "columns",
        at: "i32(index)",
        join: (at, other) => `ofDz[${at}] += ofDz[${other}]; ofProduct[${at}] += ofProduct[${other}];`,
      })}
      if (row == 0 && c < uniforms.perGroup) {
        let gain = scale[p.parameters + c];
        sums[target_ + c] = ofProduct[index];
        sums[target_ + uniforms.ofDz + c] = ofDz[index];
        weighted += vec2<f32>(total(gain * ofDz[index]), total(gain * ofProduct[index]));
      }
      workgroupBarrier();
    }
    return weighted;
  }`;

/** dx = rstd (scale dz − mean(scale dz) − normalised x · mean(scale dz · normalised x)), means over the group. */
const inputGradient = `
  fn inputGradient(p: Place, index: u32, mean: f32, rstd: f32, means: vec2<f32>) {
    let size = (p.last - p.first) * uniforms.perGroup;
    for (var i = i32(index); i < size; i += LANES) {
      let c = i % uniforms.perGroup;
      let at = p.start + (p.first + i / uniforms.perGroup) * uniforms.channels + c;
      let gain = scale[p.parameters + c];
      let found = slopes(at, gain, shift[p.parameters + c], mean, rstd);
      dx[at] = rstd * (gain * found.dz - means.x - found.normed * means.y);
    }
  }`;

type Part = Pick<Launch, "name" | "inputs" | "outputs"> & { readonly run: string; readonly code: string };

function over(plan: NormPlan, { activation }: GroupNormAttributes, part: Part): Launch {
  const { name, inputs, outputs, run, code } = part;
  const elements = Object.keys({ ...inputs, ...outputs }).filter((tensor) => !/means|rstds/.test(tensor));
  return {
    name,
    key: `${plan.element} ${plan.lanes} ${activation}`,
    inputs,
    outputs,
    types: Object.fromEntries(elements.map((tensor) => [tensor, plan.element])),
    numbers: plan.numbers,
    workgroup: [plan.lanes],
    workgroups: [plan.workgroups],
    source: () =>
      `${common(plan)}\n${slopes(activation)}\n${code}
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let p = place(group);
        let row = p.image * uniforms.groups + p.group;
        let mean = means[row];
        let rstd = rstds[row];
        ${run}
      }`,
  };
}

/** One dispatch: a workgroup has a whole group, sums over it and goes over it again. */
function alone(
  backend: WebgpuBackend,
  inputs: Record<string, TensorInfo>,
  dx: TensorInfo,
  sums: TensorInfo,
  plan: NormPlan,
  attrs: GroupNormAttributes,
): void {
  const run = `let weighted = channelSums(p, index, mean, rstd);
    let means_ = vec2<f32>(joined(weighted.x, index), joined(weighted.y, index)) / uniforms.members;
    inputGradient(p, index, mean, rstd, means_);`;
  const code = channelSums + inputGradient;
  launch(backend, over(plan, attrs, { name: GROUP_NORM_GRAD, inputs, outputs: { dx, sums }, run, code }));
}

/** Two dispatches: sums of every part, then the gradient of every part from the sums of all. */
function shared(
  backend: WebgpuBackend,
  inputs: Record<string, TensorInfo>,
  dx: TensorInfo,
  sums: TensorInfo,
  plan: NormPlan,
  attrs: GroupNormAttributes,
): void {
  const first = { name: "GroupNormGrad.sums", inputs, outputs: { sums }, code: channelSums };
  launch(backend, over(plan, attrs, { ...first, run: "_ = channelSums(p, index, mean, rstd);" }));
  const run = `var weighted = vec2<f32>();
    for (var i = i32(index); i < uniforms.parts * uniforms.perGroup; i += LANES) {
      let c = i % uniforms.perGroup;
      let at = i / uniforms.perGroup * uniforms.images * 2 * uniforms.channels
        + p.image * uniforms.sumsOfImage + p.group * uniforms.perGroup + c;
      let gain = scale[p.parameters + c];
      weighted += vec2<f32>(total(gain * sums[at + uniforms.ofDz]), total(gain * sums[at]));
    }
    let means_ = vec2<f32>(joined(weighted.x, index), joined(weighted.y, index)) / uniforms.members;
    inputGradient(p, index, mean, rstd, means_);`;
  const second = { name: "GroupNormGrad.apply", inputs: { ...inputs, sums }, outputs: { dx } };
  launch(backend, over(plan, attrs, { ...second, run, code: inputGradient }));
}

/**
 * Gradients of `GroupNorm` in x, scale and shift, from dy, x, scale, shift and the mean and 1 / deviation that the
 * forward pass found.
 */
export const groupNormGrad: WebgpuKernel = kernel<Inputs, GroupNormAttributes>(
  GROUP_NORM_GRAD,
  "ours: all three gradients in two dispatches, three for large images",
  ({ inputs: { dy, x, scale, shift, mean, rstd }, attrs, backend }) => {
    const [images, , , channels] = x.shape as [number, number, number, number];
    const own = scale.shape[0] === images;
    const plan = planOf(x.shape, scale.shape[0]!, attrs);
    const dx = backend.makeTensorInfo(x.shape, "float32");
    // Sums for the scale, then those for the shift: of all images together where each image keeps its own.
    const sums = backend.makeTensorInfo([plan.parts, 2 * images * channels], "float32");
    const inputs = { dy, x, scale, shift, means: mean, rstds: rstd };
    (plan.parts === 1 ? alone : shared)(backend, inputs, dx, sums, plan, attrs);
    const [dscale, dshift] = sumRows(backend, sums, {
      name: "GroupNormGrad.parameters",
      rows: own ? plan.parts : plan.parts * images,
      shapes: [scale.shape, shift.shape],
    });
    backend.disposeData(sums.dataId);
    return [dx, dscale, dshift];
  },
);
