import { type Denoiser, INFERENCE, type Mode } from "@ddpm/core";
import { conditionFields, conditionOf, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { bytesOf, keptFor } from "./describe/kept.ts";
import { type Operation, trace } from "./describe/trace.ts";

/** What a network or one of its layers has and costs. */
export interface Cost {
  /** Numbers in its parameters, {@link trainable} and {@link frozen} together. */
  readonly parameters: number;
  readonly trainable: number;
  readonly frozen: number;
  /**
   * Products added up per image, in convolutions (zeros at the border counted), dense layers and attention.
   * FLOPs are twice as many; norms and elementwise work are not counted.
   */
  readonly multiplyAdds: number;
  /** Most bytes of results alive at once per image, if each is freed after its last use. Of the network: the maximum. */
  readonly samplingBytes: number;
  /**
   * Bytes of the results of the forward pass per image that stay for the gradient: all but those that it computes
   * again. Of the network: the sum, and the most that working something out again takes.
   */
  readonly trainingBytes: number;
}

/** A layer by its path, e.g. `down.1.attn0.q`; empty where parts of the network are joined. */
export interface LayerCost extends Cost {
  readonly name: string;
}

/** A network before anything runs; see {@link describe}. */
export interface Description {
  readonly name: string;
  /** Lengths along the axes between batch and channels: [H, W] of an image. */
  readonly size: readonly number[];
  /** In the order in which they first work; layers that never do come last. */
  readonly layers: readonly LayerCost[];
  readonly total: Cost;
  /** `total.trainingBytes` of a training that works blocks out again (`mode.recompute`). */
  readonly recomputingBytes: number;
}

/** What a network receives besides image and noise level. */
export interface DescribeOptions {
  /** Channels of `condition.image`, for networks with image conditioning; those of the network when left out. */
  readonly imageChannels?: number;
  /** Tokens of `condition.context`; 77, those of CLIP, when left out. */
  readonly tokens?: number;
}

/**
 * What a denoiser costs, layer by layer, for one sample of this size: its `apply` runs once on shapes alone, so
 * nothing is computed or allocated, and networks that are not built in are described as well.
 *
 * Memory is that of float32 results of single operations, without weights, inputs and gradients. Backends that
 * fuse operations, as a norm with its activation, need less.
 *
 * @throws DdpmError for a size that the network refuses, or operations whose shapes are not known
 */
export function describe(
  denoiser: Denoiser,
  size: readonly number[],
  options: DescribeOptions = {},
): Description {
  const sampling = traced(denoiser, size, options, INFERENCE);
  const training = traced(denoiser, size, options, {
    training: true,
    uniform: (_name, shape) => tf.fill([...shape], 0),
  });
  const kept = keptFor(training, training, ["always"]);
  const fewer = keptFor(training, training, ["asked", "always"]);
  const names = [...new Set([...sampling.map(({ layer }) => layer), ...denoiser.specs.map(layerOf)])];
  const alive = aliveDuring(sampling);
  const layers = names.map((name) => {
    const own = denoiser.specs.filter((spec) => layerOf(spec) === name);
    const trainable = sum(own.filter((spec) => spec.trainable).map(({ shape }) => sizeOf(shape)));
    const parameters = sum(own.map(({ shape }) => sizeOf(shape)));
    const of = (operations: readonly Operation[]): readonly Operation[] =>
      operations.filter(({ layer }) => layer === name);
    return {
      name,
      parameters,
      trainable,
      frozen: parameters - trainable,
      multiplyAdds: sum(of(sampling).map(({ multiplyAdds }) => multiplyAdds)),
      samplingBytes: alive.reduce(
        (most, bytes, i) => (sampling[i]!.layer === name ? Math.max(most, bytes) : most),
        0,
      ),
      trainingBytes: bytesOf(of([...kept.operations])),
    };
  });
  const total = (field: keyof Cost): number => sum(layers.map((layer) => layer[field]));
  return {
    name: denoiser.name,
    size,
    layers,
    total: {
      parameters: total("parameters"),
      trainable: total("trainable"),
      frozen: total("frozen"),
      multiplyAdds: total("multiplyAdds"),
      samplingBytes: alive.reduce((most, bytes) => Math.max(most, bytes), 0),
      trainingBytes: bytesOf(kept.operations) + kept.again,
    },
    recomputingBytes: bytesOf(fewer.operations) + fewer.again,
  };
}

function traced(
  denoiser: Denoiser,
  size: readonly number[],
  { imageChannels = denoiser.imageChannels, tokens = 77 }: DescribeOptions,
  mode: Mode,
): Operation[] {
  const sample = [...size, denoiser.channels];
  return trace(denoiser.specs, (params, input) => {
    const fields = conditionFields({ ...denoiser, imageChannels }, sample).map(({ name, shape, dtype }) => [
      name,
      input([1, ...shape.map((size) => (size === -1 ? tokens : size))], dtype),
    ]);
    const x = input([1, ...sample], "float32");
    const noise = input([1], "float32") as tf.Tensor1D;
    denoiser.apply(params, x, noise, conditionOf(Object.fromEntries(fields)), mode);
  });
}

/** Bytes alive while each operation runs: its results, and earlier ones that it or a later one reads. */
function aliveDuring(operations: readonly Operation[]): number[] {
  const ends: number[] = operations.map(() => 0);
  let alive = 0;
  return operations.map(({ bytes, lastUse }, at) => {
    alive += bytes;
    ends[lastUse]! += bytes;
    const now = alive;
    alive -= ends[at]!;
    return now;
  });
}

function layerOf({ name }: { readonly name: string }): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
