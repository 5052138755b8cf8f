import * as tf from "@tensorflow/tfjs-core";
import { momentAt } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { ddpm, eps, losses, simple } from "../../../packages/diffusion/src/index.ts";
import type { Declared } from "../declared.ts";
import { scheduleOf } from "../references/schedules.ts";
import { type Case, errorOf, unsupported } from "../result.ts";
import { memberCases, noised, type Part, stored } from "./names.ts";
import { FLOAT64, imageError, images, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** The chain that a reference such as `huggingface/notebooks annotated_diffusion (linear, run in float64)` names. */
function chainNamed({ reference, schedule, options }: Part, steps: number) {
  const name = schedule ?? /\((\w+)[,)]/.exec(String(reference))?.[1] ?? "linear";
  return scheduleOf(String(reference), String(name), steps, (options ?? {}) as Declared);
}

/** q_sample, p_losses and one p_sample step of the course's sources. */
export function courseCases(block: Part, i: number): Case[] {
  const { T, t } = block as unknown as { readonly T: number; readonly t: readonly number[] };
  const schedule = chainNamed(block, T);
  const [x0, noise, output] = [block.x0, block.noise, block.model_output].map((value) =>
    images(stored(value)),
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const times = t.map((step) => (step + 1) / T);
  const moments = times.map((time) => momentAt(schedule, time));
  const sampler = ddpm({ variance: "fixed-large", mean: "eps", lastNoise: true });
  const step = (b: number, share: number): tf.Tensor => {
    const row = (tensor: tf.Tensor) => tf.slice(tensor, [b, 0, 0, 0], [1, -1, -1, -1]);
    const from = moments[b]!;
    const x = combine([share, row(x0)]);
    const { skip, out } = eps().at(from, schedule);
    return sampler.step({
      x,
      from,
      to: momentAt(schedule, Math.max(times[b]! - 1 / T, 0)),
      denoise: () => ({ x0: combine([skip, x], [out, row(output)]), eps: row(output) }),
      schedule,
      noise: () => row(noise),
      history: [],
      index: 0,
      count: 1,
      memo: undefined,
    }).x;
  };
  const loss = (wanted: unknown, name: string) => {
    const each = lossesOf(
      { x0, eps: noise, times, schedule },
      speaking(() => output),
      eps(),
      simple(),
      { loss: losses.create(name) },
    );
    return vectorError([each.reduce((sum, value) => sum + value, 0) / each.length], [wanted as number]);
  };
  const where = `seed_sources/${i}`;
  const inputs = [
    "reference",
    "schedule",
    "options",
    "T",
    "t",
    "x0",
    "noise",
    "model_output",
    "loss",
    "labml",
    "note",
  ];
  const noisy = (wanted: unknown) => imageError(noised(schedule, t, x0, noise), stored(wanted));
  return [
    ...memberCases(where, block, inputs, [["q_sample", noisy]]),
    ...memberCases(
      `${where} loss`,
      (block.loss ?? {}) as Part,
      [],
      [
        ["l1", (wanted) => loss(wanted, "l1")],
        ["l2", (wanted) => loss(wanted, "l2")],
        ["huber", (wanted) => loss(wanted, "huber")],
      ],
    ),
    ...memberCases(
      `${where} labml`,
      (block.labml ?? {}) as Part,
      ["note"],
      [
        ["q_xt_x0_mean", (wanted) => imageError(noised(schedule, t, x0, tf.zerosLike(x0)), stored(wanted))],
        [
          "q_xt_x0_var_per_item",
          (wanted) =>
            errorOf(
              moments.map(({ sigma }) => sigma ** 2),
              stored(wanted).data,
              FLOAT64,
            ),
        ],
        ["q_sample", noisy],
        [
          /^p_sample\((-?[\d.]+)\*x0, t\) with noise = noise$/,
          (wanted, share) => {
            if (share === undefined) return unsupported("the state of p_sample is not known");
            const rows = t.map((_, b) => step(b, Number(share)));
            return imageError(tf.concat(rows, 0), stored(wanted));
          },
        ],
      ],
    ),
  ];
}
