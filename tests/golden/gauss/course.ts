import * as tf from "@tensorflow/tfjs-core";
import { momentAt } from "../../../packages/core/src/index.ts";
import { combine, ddpm, eps, losses, simple } from "../../../packages/diffusion/src/index.ts";
import { linear } from "../../../packages/schedules/src/index.ts";
import { type Case, caseOf, errorOf } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { noised, type Part } from "./names.ts";
import { FLOAT64, imageError, images, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** q_sample, p_losses and one p_sample step of the course's sources. */
export function courseCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, Stored>> & {
      readonly T: number;
      readonly t: readonly number[];
    };
    const schedule = linear({ steps: golden.T, betaStart: 1e-4, betaEnd: 0.02 });
    const [x0, noise, output] = [images(golden.x0!), images(golden.noise!), images(golden.model_output!)];
    const times = golden.t.map((step) => (step + 1) / golden.T);
    const moments = times.map((t) => momentAt(schedule, t));
    const labml = block.labml as Readonly<Record<string, Stored>>;
    const id = (part: string) => `seed_sources/${i} ${part}`;
    const sampler = ddpm({ variance: "fixed-large", mean: "eps", lastNoise: true });
    const step = (b: number): tf.Tensor4D => {
      const row = (tensor: tf.Tensor4D) => tf.slice(tensor, [b, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D;
      const from = moments[b]!;
      const to = momentAt(schedule, Math.max(times[b]! - 1 / golden.T, 0));
      const x = combine([0.5, row(x0)]);
      const { skip, out } = eps().at(from, schedule);
      const denoise = () => ({ x0: combine([skip, x], [out, row(output)]), eps: row(output) });
      const input = {
        x,
        from,
        to,
        denoise,
        schedule,
        noise: () => row(noise),
        history: [],
        index: 0,
        count: 1,
        memo: undefined,
      };
      return sampler.step(input).x;
    };
    const stepName = "p_sample(0.5*x0, t) with noise = noise";
    return [
      caseOf(id("q_sample"), () => imageError(noised(schedule, golden.t, x0, noise), golden.q_sample!)),
      ...Object.entries(block.loss as Readonly<Record<string, number>>).map(([name, wanted]) =>
        caseOf(id(`loss ${name}`), () => {
          const each = lossesOf(
            { x0, eps: noise, times, schedule },
            speaking(() => output),
            eps(),
            simple(),
            { loss: losses.create(name) },
          );
          return vectorError([each.reduce((sum, value) => sum + value) / each.length], [wanted]);
        }),
      ),
      caseOf(id("labml q_xt_x0_mean"), () =>
        imageError(noised(schedule, golden.t, x0, tf.zerosLike(x0)), labml.q_xt_x0_mean!),
      ),
      caseOf(id("labml q_xt_x0_var_per_item"), () =>
        errorOf(
          moments.map(({ sigma }) => sigma ** 2),
          labml.q_xt_x0_var_per_item!.data,
          FLOAT64,
        ),
      ),
      caseOf(id("labml q_sample"), () => imageError(noised(schedule, golden.t, x0, noise), labml.q_sample!)),
      caseOf(id("labml p_sample"), () =>
        imageError(
          tf.concat(
            golden.t.map((_, b) => step(b)),
            0,
          ) as tf.Tensor4D,
          labml[stepName]!,
        ),
      ),
    ];
  });
}
