import { fail, type LossWeight, momentAt, type NoiseSchedule, type Parameterization } from "@ddpm/core";

/** What decides the numbers of a batch besides its times. */
export interface Objective {
  readonly schedule: NoiseSchedule;
  readonly parameterization: Parameterization;
  readonly weight: LossWeight;
}

/** Names of the columns that {@link lossColumns} fills. */
export const lossColumnNames = [
  "alpha",
  "sigma",
  "skip",
  "out",
  "in",
  "noise",
  "weight",
  "targetX0",
  "targetEps",
] as const;

/**
 * One number per image of everything that {@link batchLoss} needs to know about noise levels, [B] each:
 * `alpha`, `sigma`; `skip`, `out`, `in`, `noise` of the parameterization; `weight` on the network's own output
 * (the loss weight times out²); and the coefficients of x_0 and ε in the target (x_0 − skip · x_t) / out, computed in
 * float64 because the difference cancels where there is little noise.
 */
export type LossColumns = Readonly<Record<(typeof lossColumnNames)[number], Float32Array>>;

/**
 * The host's part of the loss, in float64, rounded once.
 *
 * @param times in (0, 1], one per image
 * @throws DdpmError where the parameterization or weight is not defined or not finite
 */
export function lossColumns(
  times: ArrayLike<number>,
  { schedule, parameterization, weight }: Objective,
): LossColumns {
  const rows = Array.from(times, (t) => {
    const moment = momentAt(schedule, t);
    const meaning = parameterization.at(moment, schedule);
    const { skip, out } = meaning;
    const { alpha, sigma } = moment;
    const row = {
      ...meaning,
      alpha,
      sigma,
      weight: weight.at(moment, schedule, meaning) * out ** 2,
      targetX0: (1 - skip * alpha) / out,
      targetEps: (-skip * sigma) / out,
    };
    for (const name of lossColumnNames) {
      if (!Number.isFinite(row[name])) {
        fail(
          "diffusion/loss-columns",
          `${name} is ${row[name]} at t = ${t} of ${schedule.name}, with ${parameterization.name} and weight ${weight.name}.`,
          "Take another weight or parameterization, or times inside (0, 1).",
        );
      }
    }
    return row;
  });
  const columns = lossColumnNames.map((name) => [name, Float32Array.from(rows, (row) => row[name])]);
  return Object.fromEntries(columns) as LossColumns;
}
