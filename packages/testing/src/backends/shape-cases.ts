import * as tf from "@tensorflow/tfjs-core";
import { type BackendCase, type CaseMaker, normals, wholes } from "./case.ts";
import { bilinear, nearest } from "./definitions.ts";
import { type Draw, shapeOf } from "./draw.ts";

type Pairs = [number, number][];

function padding(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const pads: Pairs = shape.map(() => (draw.chance(0.4) ? [0, 0] : [draw.whole(0, 3), draw.whole(0, 3)]));
  const value = draw.one([0, -1.5]);
  return {
    name: `pad of [${shape}] by ${JSON.stringify(pads)} with ${value}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => tf.pad(x!, pads, value),
  };
}

function mirrorPadding(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const mode = draw.one(["reflect", "symmetric"] as const);
  const most = (length: number): number => (mode === "reflect" ? length - 1 : length);
  const pads: Pairs = shape.map((length) => [draw.whole(0, most(length)), draw.whole(0, most(length))]);
  return {
    name: `mirrorPad of [${shape}] by ${JSON.stringify(pads)}, ${mode}`,
    inputs: [normals(draw, shape)],
    gradients: false,
    apply: (x) => tf.mirrorPad(x!, pads, mode),
  };
}

function joining(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axis = draw.whole(0, shape.length - 1);
  const count = draw.whole(2, 9);
  const stacked = draw.chance(0.3);
  const shapes = Array.from({ length: count }, () => (stacked ? shape : shape.with(axis, draw.whole(1, 5))));
  return {
    name: `${stacked ? "stack" : "concat"} of ${shapes.map((s) => `[${s}]`).join(", ")} along ${axis}`,
    inputs: shapes.map((s) => normals(draw, s)),
    gradients: true,
    apply: (...x) => (stacked ? tf.stack(x, axis) : tf.concat(x, axis)),
  };
}

function splitting(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axis = draw.whole(0, shape.length - 1);
  const sizes = Array.from({ length: draw.whole(1, 9) }, () => draw.whole(1, 4));
  const whole = shape.with(
    axis,
    sizes.reduce((a, b) => a + b),
  );
  const unstacked = draw.chance(0.3);
  return {
    name: `${unstacked ? "unstack" : `split by ${sizes}`} of [${whole}] along ${axis}`,
    inputs: [normals(draw, whole)],
    // TensorFlow.js has no gradient of a split into one piece.
    gradients: unstacked || sizes.length > 1,
    apply: (x) => (unstacked ? tf.unstack(x!, axis) : tf.split(x!, sizes, axis)),
  };
}

function slicing(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 5));
  const begin = shape.map((length) => draw.whole(0, length - 1));
  const size = shape.map((length, i) => draw.whole(1, length - begin[i]!));
  return {
    name: `slice of [${shape}] from ${begin}, size ${size}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => tf.slice(x!, begin, size),
  };
}

function stridedSlicing(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const strides = shape.map(() => draw.one([1, 2, 3, -1, -2]));
  const begin = shape.map((length) => draw.whole(0, length - 1));
  const end = shape.map((length, i) =>
    strides[i]! > 0 ? draw.whole(begin[i]! + 1, length) : draw.whole(0, begin[i]!),
  );
  const mask = draw.whole(0, 2 ** shape.length - 1);
  return {
    name: `stridedSlice of [${shape}] from ${begin} to ${end} by ${strides}, endMask ${mask}`,
    inputs: [normals(draw, shape)],
    gradients: false,
    apply: (x) => tf.stridedSlice(x!, begin, end, strides, 0, mask),
  };
}

function gathering(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axis = draw.whole(0, shape.length - 1);
  const indices = wholes(draw, shapeOf(draw, 1), 0, shape[axis]! - 1);
  return {
    name: `gather of [${shape}] along ${axis} at ${indices.values}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => tf.gather(x!, tf.tensor1d(indices.values as Int32Array, "int32"), axis),
  };
}

function scattering(draw: Draw): BackendCase {
  const [rows, count, width] = [draw.whole(1, 9), draw.whole(1, 9), draw.whole(1, 9)];
  const name = draw.one(["unsortedSegmentSum", "scatterND", "gatherND"] as const);
  const places = wholes(draw, [count], name === "unsortedSegmentSum" ? -1 : 0, rows - 1);
  return {
    name: `${name} of [${count},${width}] at ${places.values} of ${rows}`,
    inputs: [normals(draw, name === "gatherND" ? [rows, width] : [count, width]), places],
    gradients: false,
    apply: (x, at) => {
      if (name === "unsortedSegmentSum") return tf.unsortedSegmentSum(x!, at as tf.Tensor1D, rows);
      const column = tf.reshape(at!, [count, 1]);
      return name === "scatterND" ? tf.scatterND(column, x!, [rows, width]) : tf.gatherND(x!, column);
    },
  };
}

function oneHot(draw: Draw): BackendCase {
  const indices = wholes(draw, shapeOf(draw, draw.whole(1, 2)), -1, 6);
  const depth = draw.whole(2, 7);
  return {
    name: `oneHot of [${indices.shape}], depth ${depth}`,
    inputs: [indices],
    gradients: false,
    apply: (x) => tf.oneHot(x!, depth, 2, -1),
  };
}

function rearranging(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(2, 6));
  const perm = draw.order(shape.length);
  return {
    name: `transpose of [${shape}] by ${perm}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => tf.transpose(x!, perm),
  };
}

function repeating(draw: Draw): BackendCase {
  const shape = shapeOf(draw, draw.whole(1, 4));
  const axes = draw.some(shape.length);
  const reps = shape.map(() => draw.whole(1, 3));
  const reversed = draw.chance(0.4);
  return {
    name: reversed ? `reverse of [${shape}] along ${axes}` : `tile of [${shape}] by ${reps}`,
    inputs: [normals(draw, shape)],
    gradients: true,
    apply: (x) => (reversed ? tf.reverse(x!, axes) : tf.tile(x!, reps)),
  };
}

function blocks(draw: Draw): BackendCase {
  const [down, across] = [draw.whole(1, 3), draw.whole(1, 3)];
  const shape = [draw.whole(1, 3), down * draw.whole(1, 4), across * draw.whole(1, 4), draw.whole(1, 9)];
  const back = draw.chance(0.5);
  const given = back ? [shape[0]! * down * across, ...shape.slice(1)] : shape;
  const crops = [
    [0, 0],
    [0, 0],
  ];
  return {
    name: `${back ? "batchToSpaceND" : "spaceToBatchND"} of [${given}], blocks ${down},${across}`,
    inputs: [normals(draw, given)],
    gradients: true,
    apply: (x) => (back ? tf.batchToSpaceND : tf.spaceToBatchND)(x!, [down, across], crops),
  };
}

function resizing(draw: Draw): BackendCase {
  const shape = [draw.whole(1, 3), draw.whole(1, 9), draw.whole(1, 9), draw.one([1, 3, 4, 16, 20, 32])];
  const times = draw.one([1, 2, 2, 3]);
  const size: [number, number] = draw.chance(0.5)
    ? [times * shape[1]!, times * shape[2]!]
    : [draw.whole(1, 12), draw.whole(1, 12)];
  const method = draw.one(["resizeNearestNeighbor", "resizeBilinear"] as const);
  const align = draw.chance(0.3);
  const half = !align && draw.chance(0.3);
  // Gradients of half-pixel centres are wrong in every backend of TensorFlow.js: the kernels do not receive them.
  return {
    name: `${method} of [${shape}] to ${size}, alignCorners ${align}, halfPixelCenters ${half}`,
    inputs: [normals(draw, shape)],
    gradients: !half,
    apply: (x) => tf.image[method](x as tf.Tensor4D, size, align, half),
    definition: (x) =>
      method === "resizeBilinear" ? bilinear(x!, size, align, half) : nearest(x!, size, align, half),
  };
}

/** Operations that move numbers: padding, joining, slicing, gathering, transposing, resizing, by name. */
export const shapeCases: Readonly<Record<string, CaseMaker>> = {
  padding,
  mirrorPadding,
  joining,
  splitting,
  slicing,
  stridedSlicing,
  gathering,
  scattering,
  oneHot,
  rearranging,
  repeating,
  blocks,
  resizing,
};
