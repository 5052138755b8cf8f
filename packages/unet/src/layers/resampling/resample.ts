import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** How {@link resample} weighs pixels. */
export interface ResampleOptions {
  /** `area` is the mean over what a new pixel covers, as adaptive average pooling takes it. */
  readonly method: "nearest" | "bilinear" | "bicubic" | "area";
  /** Centres of the outermost pixels on each other, rather than the images' corners; bilinear and bicubic only. */
  readonly alignCorners?: boolean;
  /** Widen the filter when shrinking, as PIL does; bilinear and bicubic only. */
  readonly antialias?: boolean;
}

/**
 * Images in another size, [B, H, W, C] → [B, height, width, C]: one matrix from the left, one from the right, so that
 * the gradient is exact on every backend.
 *
 * Source: torch.nn.functional.interpolate, mode by mode.
 *
 * @throws DdpmError for corners that are to be aligned in a method that has none
 */
export function resample(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  options: ResampleOptions,
): tf.Tensor4D {
  const [batch, h, w, channels] = x.shape;
  const rows = tf.matMul(matrix(h, height, options), tf.reshape(x, [batch, h, w * channels]));
  const flat = tf.reshape(rows, [batch * height, w, channels]);
  const columns = tf.matMul(matrix(w, width, options), flat);
  return tf.reshape(columns, [batch, height, width, channels]);
}

/** What each new pixel of a row takes from the old ones, [1, to, from]; shared by all images. */
function matrix(from: number, to: number, options: ResampleOptions): tf.Tensor3D {
  const weights = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    for (const [j, share] of sharesOf(i, from, to, options)) {
      weights[i * from + Math.min(Math.max(j, 0), from - 1)]! += share;
    }
  }
  return tf.tensor3d(Float32Array.from(weights), [1, to, from]);
}

type Shares = readonly (readonly [pixel: number, share: number])[];

/** Old pixels, maybe beyond the edge (then the edge counts), and their shares in new pixel i. */
function sharesOf(i: number, from: number, to: number, options: ResampleOptions): Shares {
  const { method, alignCorners = false, antialias = false } = options;
  const scale = from / to;
  if (method === "nearest" || method === "area") {
    if (alignCorners || antialias) fail("unet/resample", `${method} has neither corners nor a filter.`);
    const first = Math.floor(i * scale);
    return evenly(first, method === "nearest" ? first + 1 : Math.ceil((i + 1) * scale));
  }
  if (antialias) {
    if (alignCorners) fail("unet/resample", "antialias goes without alignCorners.");
    return widened((i + 0.5) * scale, from, Math.max(scale, 1), method);
  }
  const place = alignCorners ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : (i + 0.5) * scale - 0.5;
  const at = method === "bilinear" ? Math.max(place, 0) : place;
  const first = Math.floor(at);
  const reach = method === "bilinear" ? [0, 1] : [-1, 0, 1, 2];
  return reach.map((k) => [first + k, kernels[method](at - first - k, -0.75)] as const);
}

function evenly(first: number, end: number): Shares {
  return Array.from({ length: end - first }, (_, k) => [first + k, 1 / (end - first)] as const);
}

/** The kernel stretched by `stretch` around `centre`, cut at the edges, its sum brought back to 1. */
function widened(centre: number, from: number, stretch: number, method: "bilinear" | "bicubic"): Shares {
  const reach = (method === "bilinear" ? 1 : 2) * stretch;
  const first = Math.max(Math.trunc(centre - reach + 0.5), 0);
  const end = Math.min(Math.trunc(centre + reach + 0.5), from);
  const raw = Array.from({ length: end - first }, (_, k) =>
    kernels[method]((first + k - centre + 0.5) / stretch, -0.5),
  );
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value, k) => [first + k, value / total] as const);
}

/** Keys' cubic convolution (1981, eq. 15 with a free parameter `a`), and the tent. */
const kernels = {
  bilinear: (x: number): number => Math.max(0, 1 - Math.abs(x)),
  bicubic(x: number, a: number): number {
    const d = Math.abs(x);
    if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
  },
};
