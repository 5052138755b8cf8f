import * as tf from "@tensorflow/tfjs-core";

/** Nearest resizing by index lists; the cpu backend's gradient of its own kernel is wrong for several images. */
export function nearest(
  x: tf.Tensor,
  size: readonly [number, number],
  alignCorners = false,
  halfPixelCenters = false,
): tf.Tensor4D {
  const index = (from: number, to: number): tf.Tensor1D => {
    const align = alignCorners && to > 1;
    const ratio = (align ? from - 1 : from) / (align ? to - 1 : to);
    const at = Array.from({ length: to }, (_, i) => {
      const place = ratio * (halfPixelCenters ? i + 0.5 : i);
      return Math.min(from - 1, alignCorners ? Math.round(place) : Math.floor(place));
    });
    return tf.tensor1d(at, "int32");
  };
  const rows = tf.gather(x, index(x.shape[1]!, size[0]), 1);
  return tf.gather(rows, index(x.shape[2]!, size[1]), 2) as tf.Tensor4D;
}

/** Bilinear resizing by index lists; the cpu backend's gradient of its own kernel exchanges height and width. */
export function bilinear(
  x: tf.Tensor,
  size: readonly [number, number],
  alignCorners: boolean,
  halfPixelCenters: boolean,
): tf.Tensor4D {
  const along = (given: tf.Tensor, axis: 1 | 2): tf.Tensor => {
    const [from, to] = [x.shape[axis]!, size[axis - 1]!];
    const align = alignCorners && to > 1;
    const ratio = (align ? from - 1 : from) / (align ? to - 1 : to);
    const places = Array.from({ length: to }, (_, i) =>
      Math.max(0, halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i),
    );
    const at = (places: readonly number[]): tf.Tensor =>
      tf.gather(
        given,
        tf.tensor1d(
          places.map((place) => Math.min(from - 1, place)),
          "int32",
        ),
        axis,
      );
    const shape = [1, 1, 1, 1].with(axis, to);
    const part = tf.tensor(
      places.map((place) => place - Math.floor(place)),
      shape,
    );
    const [low, high] = [at(places.map(Math.floor)), at(places.map(Math.ceil))];
    return tf.add(low, tf.mul(tf.sub(high, low), part));
  };
  return along(along(x, 1), 2) as tf.Tensor4D;
}

/** Means over windows; the cpu backend's gradient of average pooling counts padding as pixels. */
export function averages(
  x: tf.Tensor,
  window: [number, number],
  strides: [number, number],
  pad: "same" | "valid",
): tf.Tensor {
  const sums = (of: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(of as tf.Tensor4D, tf.ones([...window, x.shape[3]!, 1]), strides, pad);
  return tf.div(sums(x), sums(tf.onesLike(x)));
}

/** Matrix products of batches that are repeated first: the cpu backend does not broadcast inner axes of a batch. */
export function products(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(left, right);
  const repeated = (x: tf.Tensor): tf.Tensor => {
    const shape = [...batch, ...x.shape.slice(-2)];
    return `${shape}` === `${x.shape}` ? x : tf.broadcastTo(x, shape as [number]);
  };
  return tf.matMul(repeated(a), repeated(b), transposeA, transposeB);
}
