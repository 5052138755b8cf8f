import type { Images, NoiseSchedule, Random } from "@ddpm/core";

/**
 * Images at several times of a schedule, with the same noise throughout: x_t = alpha x_0 + sigma ε.
 *
 * @param images [B, H, W, C]
 * @returns one [B, H, W, C] per time
 */
export function noised(
  { data, shape }: Images,
  schedule: NoiseSchedule,
  times: readonly number[],
  random: Random,
): Images[] {
  const eps = random.normals(data.length);
  return times.map((t) => {
    const { alpha, sigma } = schedule.at(t);
    return { data: data.map((x0, i) => alpha * x0 + sigma * eps[i]!), shape };
  });
}

/**
 * What {@link noised} added at each time: x_t − alpha x_0.
 *
 * @param frames [B, H, W, C] per time, of these images
 * @returns one [B, H, W, C] per time
 */
export function noiseIn(
  frames: readonly Images[],
  images: Images,
  schedule: NoiseSchedule,
  times: readonly number[],
): Images[] {
  return frames.map(({ data, shape }, i) => {
    const { alpha } = schedule.at(times[i]!);
    return { data: data.map((x, k) => x - alpha * images.data[k]!), shape };
  });
}
