import type { Images, Random } from "@ddpm/core";

/**
 * Pictures moved by whole pixels in a random direction; what comes in from outside repeats the edge.
 *
 * @param share farthest move as a share of height and of width
 * @returns [B, H, W, C], new numbers
 */
export function shifted({ data, shape }: Images, share: number, random: Random): Float32Array {
  const [count, height, width, channels] = shape;
  const [most, mostAcross] = [Math.round(share * height), Math.round(share * width)];
  const moved = new Float32Array(data.length);
  const within = (value: number, end: number): number => Math.max(0, Math.min(end - 1, value));
  const draw = (reach: number): number => Math.floor(random.uniform() * (2 * reach + 1)) - reach;
  let to = 0;
  for (let image = 0; image < count; image++) {
    const [down, across] = [draw(most), draw(mostAcross)];
    for (let y = 0; y < height; y++) {
      const row = (image * height + within(y - down, height)) * width;
      for (let x = 0; x < width; x++) {
        const from = (row + within(x - across, width)) * channels;
        for (let c = 0; c < channels; c++) moved[to++] = data[from + c]!;
      }
    }
  }
  return moved;
}
