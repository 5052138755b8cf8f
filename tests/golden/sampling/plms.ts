import { momentAt, type NoiseSchedule, type Sampler } from "../../../packages/core/src/index.ts";
import { combine, epsOf, moveTo, predict } from "../../../packages/diffusion/src/authoring.ts";
import { ddim, pndm } from "../../../packages/diffusion/src/index.ts";

/** What {@link plms} needs to repeat the reference. */
export interface PlmsOptions {
  readonly schedule: NoiseSchedule;
  readonly average: "eps" | "v";
  /** The time of its second step. */
  readonly second: number;
  /** The time one stride above the second step. */
  readonly above: number;
}

/**
 * PNDMScheduler with `skip_prk_steps` where its steps are longer than ⌊T / n⌋: the second network call is made at
 * the second step, with a state from one stride below the first; and the first state, taken for one of a stride above the
 * second step, is moved down to it. Every move is a step of the product's samplers.
 */
export function plms({ schedule, average, second, above }: PlmsOptions): Sampler {
  const sampler = pndm({ start: "improved-euler", average });
  return {
    ...sampler,
    step(input) {
      if (input.index > 0) return sampler.step(input);
      const { x, from, to, denoise } = input;
      const first = predict(x, from, denoise);
      const [start, end] = [momentAt(schedule, above), momentAt(schedule, second)];
      const other = predict(moveTo(first, to), end, denoise);
      const both = [first, other];
      const mean =
        average === "eps"
          ? combine(...both.map((guess) => [0.5, epsOf(guess)] as const))
          : combine(
              [start.sigma, x],
              ...both.flatMap((guess) => [
                [0.5 * start.alpha * guess.at.alpha, epsOf(guess)] as const,
                [-0.5 * start.alpha * guess.at.sigma, guess.x0] as const,
              ]),
            );
      const x0 = combine([1 / start.alpha, x], [-start.sigma / start.alpha, mean]);
      const moved = ddim().step({ ...input, from: start, to: end, denoise: () => ({ x0, eps: mean }) });
      return { x: moved.x, prediction: first };
    },
  };
}
