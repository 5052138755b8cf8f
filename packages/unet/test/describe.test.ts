import "@tensorflow/tfjs";
import { countParams, type Denoiser, type Mode, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  attentionBlock,
  type Cost,
  conv2d,
  convTranspose2d,
  denoiserFrom,
  dense,
  depthwiseConv2d,
  type Network,
  type Scope,
  scope,
} from "../src/authoring.ts";
import { denoisers, describe, ho, labml } from "../src/index.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** A network of one thing, on images of `channels`. */
function netOf(channels: number, build: (root: Scope) => Network["forward"]): Denoiser {
  const root = scope();
  const forward = build(root);
  return denoiserFrom(root, { name: "one", channels, forward });
}

/** Costs of the layer at this path. */
function layer(denoiser: Denoiser, size: readonly [number, number], name: string): Cost {
  const found = describe(denoiser, size).layers.find((candidate) => candidate.name === name);
  return found ?? expect.fail(`no layer ${name}`);
}

test("a convolution costs H' · W' · k² · in · out, whatever its stride and padding", () => {
  const strided = netOf(5, (root) => {
    const conv = conv2d(root.child("conv"), { in: 5, out: 7, stride: 2, padding: 1 });
    return (run, x) => conv(run, x);
  });
  expect(layer(strided, [12, 20], "conv")).toMatchObject({
    multiplyAdds: 6 * 10 * 9 * 5 * 7,
    parameters: 9 * 5 * 7 + 7,
  });
  const valid = netOf(2, (root) => {
    const conv = conv2d(root.child("conv"), { in: 2, out: 3, kernel: 5, padding: 0 });
    return (run, x) => conv(run, x);
  });
  expect(layer(valid, [9, 8], "conv").multiplyAdds).toBe(5 * 4 * 25 * 2 * 3);
});

test("depthwise ones cost no factor in, transposed ones count every tap of every pixel that comes in", () => {
  const depthwise = netOf(6, (root) => {
    const conv = depthwiseConv2d(root.child("conv"), { channels: 6, kernel: 7 });
    return (run, x) => conv(run, x);
  });
  expect(layer(depthwise, [8, 8], "conv").multiplyAdds).toBe(64 * 49 * 6);
  const transposed = netOf(3, (root) => {
    const conv = convTranspose2d(root.child("conv"), { in: 3, out: 4, kernel: 4 });
    return (run, x) => conv(run, x);
  });
  expect(layer(transposed, [6, 5], "conv").multiplyAdds).toBe(6 * 5 * 16 * 3 * 4);
});

test("a dense layer costs in · out", () => {
  const net = netOf(3, (root) => {
    const layer = dense(root.child("dense"), { in: 48, out: 11 });
    return (run, x) => tf.reshape(layer(run, tf.reshape(x, [1, 48])), [1, 1, 1, 11]);
  });
  expect(layer(net, [4, 4], "dense")).toMatchObject({ multiplyAdds: 48 * 11, parameters: 49 * 11 });
});

test.each([1, 4])("attention of %i heads costs 2 N² C besides its projections of N C²", (heads) => {
  const channels = 16;
  const net = netOf(channels, (root) => {
    const block = attentionBlock(root.child("attn"), { channels, groups: 4, heads });
    return (run, x) => block(run, x);
  });
  const pixels = 6 * 10;
  expect(layer(net, [6, 10], "attn").multiplyAdds).toBe(2 * pixels ** 2 * channels);
  for (const name of ["q", "k", "v", "out"]) {
    expect(layer(net, [6, 10], `attn.${name}`).multiplyAdds).toBe(pixels * channels ** 2);
  }
});

/** Products of every convolution and dense layer by the shapes of its kernel and of the level it stands on. */
function byHand(denoiser: Denoiser, side: number): number {
  return denoiser.specs
    .filter(({ name }) => name.endsWith(".kernel"))
    .reduce((sum, { name, shape }) => {
      const level = Number(/^(?:down|up)\.(\d)/.exec(name)?.[1] ?? (name.startsWith("mid") ? 3 : 0));
      const down = /^down\.\d\.down\./.test(name) ? 1 : /^up\.\d\.up\./.test(name) ? -1 : 0;
      const pixels = shape.length === 4 ? (side / 2 ** (level + down)) ** 2 : 1;
      return sum + pixels * countParams([{ shape }]);
    }, 0);
}

test("the paper's CIFAR-10 network: 35,746,307 parameters, and the products of all kernels and attentions", () => {
  const { layers, total } = describe(ho(), [32, 32]);
  expect(total).toMatchObject({ parameters: 35_746_307, trainable: 35_746_307, frozen: 0 });
  // Two blocks with attention at 16 × 16 on the way down and three on the way up, one in the middle at 4 × 4.
  const attention = 5 * 2 * 256 ** 2 * 256 + 2 * 16 ** 2 * 256;
  expect(total.multiplyAdds).toBe(byHand(ho(), 32) + attention);
  const sums = (field: keyof Cost): number => layers.reduce((sum, layer) => sum + layer[field], 0);
  expect(sums("parameters")).toBe(total.parameters);
  expect(sums("multiplyAdds")).toBe(total.multiplyAdds);
  expect(sums("trainingBytes")).toBe(total.trainingBytes);
});

test("parameters that a published network never uses are frozen", () => {
  expect(describe(labml({ chMults: [1, 2, 2, 2] }), [32, 32]).total).toMatchObject({
    parameters: 54_563_779,
    frozen: 7_936,
  });
});

test("a chain of layers keeps all results for training, and two at a time for sampling", () => {
  const chain = netOf(4, (root) => {
    const convs = [0, 1, 2].map((i) => conv2d(root.child(i), { in: 4, out: 4, bias: false }));
    return (run, x) => convs.reduce((h, conv) => conv(run, h), x);
  });
  const image = 8 * 8 * 4 * 4;
  expect(describe(chain, [8, 8]).total).toMatchObject({ trainingBytes: 3 * image, samplingBytes: 2 * image });
  const skip = netOf(4, (root) => {
    const convs = [0, 1, 2].map((i) => conv2d(root.child(i), { in: 4, out: 4, bias: false }));
    return (run, x) => {
      const [first, second, third] = convs as [(typeof convs)[0], (typeof convs)[0], (typeof convs)[0]];
      const kept = first(run, x);
      return tf.add(kept, third(run, second(run, kept)));
    };
  });
  expect(describe(skip, [8, 8]).total).toMatchObject({ trainingBytes: 4 * image, samplingBytes: 3 * image });
});

const small = [
  { name: "ho", width: 8, multipliers: [1, 2], blocks: 1, groups: 4, dropout: 0 },
  { name: "annotated", channels: 1, dim: 8, dimMults: [1, 2] },
  { name: "annotated-later", channels: 1, dim: 8, dimMults: [1, 2] },
  { name: "labml", nChannels: 32, chMults: [1, 1], isAttn: [false, true], nBlocks: 1, dropout: 0 },
  { name: "lucidrains", dim: 8, dimMults: [1, 2] },
  { name: "guided", modelChannels: 32, channelMult: [1, 1], attentionResolutions: [2], numResBlocks: 1 },
  { name: "mlp" },
];

test.each(small)("$name: the bytes for training are those that TensorFlow.js really makes", async (spec) => {
  const denoiser = denoisers.create(spec);
  const side = spec.name === "mlp" ? 1 : 8;
  const params = denoiser.init(random(0));
  const x = tf.zeros([1, side, side, denoiser.channels]) as tf.Tensor4D;
  const noise = tf.tensor1d([1]);
  const mode: Mode = { training: true, uniform: (_name, shape) => tf.zeros([...shape]) };
  const { kernels } = await tf.profile(() => denoiser.apply(params, x, noise, {}, mode));
  // Operations with a gradient of their own are listed once more, as a scope.
  const makers = new Set(tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName));
  for (const view of ["Reshape", "Identity", "Cast"]) makers.delete(view);
  const shapes = kernels.flatMap(({ name, outputShapes }) => (makers.has(name) ? outputShapes : []));
  const made = 4 * countParams(shapes.map((shape) => ({ shape })));
  const described = describe(denoiser, [side, side]).total.trainingBytes;
  expect(described).toBe(made);
  tf.dispose([params, x, noise]);
});

test("nothing is left behind: tensors, backends, kernels, the choice of backend", () => {
  const before = { ...tf.memory(), backend: tf.getBackend(), backends: tf.engine().backendNames() };
  describe(ho(), [32, 32]);
  expect(() => describe(ho(), [33, 32])).toThrow("height 33 is no multiple of 8");
  const after = { ...tf.memory(), backend: tf.getBackend(), backends: tf.engine().backendNames() };
  expect(after).toEqual(before);
  expect(tf.getKernelsForBackend("ddpm-shapes")).toEqual([]);
});

test("an operation whose shapes are not known is named, and the backend is the caller's again", () => {
  const odd = netOf(1, () => (_run, x) => tf.cumsum(x) as tf.Tensor4D);
  expect(() => describe(odd, [4, 4])).toThrow("kernel Cumsum");
  const reads = netOf(1, () => (_run, x) => tf.add(x, x.dataSync()[0]!) as tf.Tensor4D);
  expect(() => describe(reads, [4, 4])).toThrow("reads numbers back");
  expect(tf.getBackend()).toBe("cpu");
});

test("is refused while a backend is starting, which is not disturbed by it; one that did not start is no hindrance", async () => {
  const network = netOf(1, (root) => conv2d(root.child("conv"), { in: 1, out: 1 }));
  const started = tf.findBackend("cpu");
  tf.registerBackend("slow", () => new Promise((resolve) => setTimeout(resolve, 1, started)));
  const starting = tf.setBackend("slow");
  expect(() => describe(network, [4, 4])).toThrow(/backend slow is still starting.*tf\.ready/s);
  expect(await starting).toBe(true);
  expect(tf.getBackend()).toBe("slow");

  tf.registerBackend("broken", () => Promise.reject(new Error("no device")));
  expect(await tf.setBackend("broken")).toBe(false);
  expect(describe(network, [4, 4]).total.multiplyAdds).toBe(16 * 9);
  await tf.setBackend("cpu");
});
