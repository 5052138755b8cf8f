import {
  fail,
  halfLogSnr,
  isDdpmError,
  type NoiseSchedule,
  type Random,
  random,
  type Spacing,
  type TimeSampler,
  timeAtHalfLogSnr,
  timeOfStep,
} from "@ddpm/core";

/** One promise of a contract, and a function that throws when it is broken: hand both to any test runner. */
export interface ScheduleCheck {
  /** What is proved, e.g. `log-SNR falls strictly`. */
  readonly name: string;
  /** @throws DdpmError saying where it does not hold */
  run(): void;
}

/** Grid points on [0, 1]; a prime, so that they miss the steps of usual chains. */
const GRID = 4099;

/**
 * What every {@link NoiseSchedule} promises. Use: `for (const { name, run } of scheduleSuite(make)) test(name, run)`.
 *
 * @param make builds the schedule; called more than once to see that the same options give the same numbers
 */
export function scheduleSuite(make: () => NoiseSchedule): readonly ScheduleCheck[] {
  const where = "testing/schedule-suite";
  return [
    {
      name: "levels are finite and not negative",
      run() {
        const schedule = make();
        for (const t of grid(0)) {
          const { alpha, sigma } = schedule.at(t);
          if (!(alpha >= 0 && sigma >= 0 && alpha < Infinity && sigma < Infinity)) {
            fail(where, `at(${t}) of ${schedule.name} is alpha ${alpha}, sigma ${sigma}.`);
          }
        }
      },
    },
    {
      name: "t = 0 is clean",
      run() {
        const { alpha, sigma } = make().at(0);
        if (!(sigma === 0 && alpha > 0)) fail(where, `at(0) is alpha ${alpha}, sigma ${sigma}.`);
      },
    },
    {
      name: "alpha / sigma falls strictly as t grows",
      run() {
        const schedule = make();
        let previous = Number.POSITIVE_INFINITY;
        for (const t of grid(1)) {
          const lambda = halfLogSnr(schedule.at(t));
          if (!(lambda < previous)) fail(where, `half-log-SNR goes from ${previous} to ${lambda} at ${t}.`);
          previous = lambda;
        }
      },
    },
    {
      name: "the same options give the same numbers, in any order of calls",
      run() {
        const first = make();
        const second = make();
        const forward = grid(0).map((t) => first.at(t));
        const backward = grid(0)
          .reverse()
          .map((t) => second.at(t))
          .reverse();
        forward.forEach((level, i) => {
          const other = backward[i]!;
          if (level.alpha !== other.alpha || level.sigma !== other.sigma) {
            fail(where, `two makings of ${first.name} differ at ${i / GRID}.`);
          }
        });
      },
    },
    {
      name: "the time at a half-log-SNR inverts at(t)",
      run() {
        const schedule = make();
        for (const t of grid(1)) {
          const lambda = halfLogSnr(schedule.at(t));
          const found = timeAtHalfLogSnr(schedule, lambda);
          const back = halfLogSnr(schedule.at(found));
          const near =
            Math.abs(found - t) <= 1e-9 || Math.abs(back - lambda) <= 1e-9 * Math.max(1, -lambda, lambda);
          if (!near) fail(where, `half-log-SNR ${lambda} belongs to ${t}, but ${found} was found.`);
        }
      },
    },
    {
      name: "steps and betas come together, and at((i + 1) / T) is entry i",
      run() {
        const schedule = make();
        const { name, steps, betas } = schedule;
        if ((steps === undefined) !== (betas === undefined))
          fail(where, `${name} has only one of steps, betas.`);
        if (!betas || steps === undefined) return;
        if (betas.length !== steps) fail(where, `${name} has ${steps} steps but ${betas.length} betas.`);
        let abar = 1;
        betas.forEach((beta, i) => {
          abar *= 1 - beta;
          const { alpha, sigma } = schedule.at(timeOfStep(i, steps));
          const off =
            Math.abs(alpha ** 2 - abar) / Math.max(abar, 1e-300) + Math.abs(sigma ** 2 - (1 - abar));
          if (off > 1e-9) fail(where, `entry ${i} of ${name} is ᾱ ${alpha ** 2}, its betas say ${abar}.`);
        });
      },
    },
  ];
}

/**
 * What every {@link Spacing} promises, on each of these schedules.
 *
 * @param counts numbers of steps to try; a spacing may refuse a schedule or a count, but only with a DdpmError
 */
export function spacingSuite(
  make: () => Spacing,
  schedules: readonly NoiseSchedule[],
  counts: readonly number[] = [1, 2, 5, 10, 50],
): readonly ScheduleCheck[] {
  const where = "testing/schedule-suite";
  const made = (): { label: string; times: Float64Array; again: Float64Array; n: number }[] =>
    schedules.flatMap((schedule) =>
      counts.flatMap((n) => {
        const times = refusable(() => make().times(n, schedule));
        if (!times) return [];
        return [{ label: `${n} steps on ${schedule.name}`, times, again: make().times(n, schedule), n }];
      }),
    );
  return [
    {
      name: "some schedule and count is accepted",
      run() {
        if (made().length === 0) fail(where, `${make().name} refuses every schedule.`);
      },
    },
    {
      name: "at most n + 1 times in [0, 1], strictly falling, the last one 0",
      run() {
        for (const { label, times, n } of made()) {
          if (times.length < 2 || times.length > n + 1) {
            fail(where, `${label}: ${times.length} times, expected 2 to ${n + 1}.`);
          }
          if (times.at(-1) !== 0) fail(where, `${label}: ends at ${times.at(-1)}, expected 0.`);
          if (!(times[0]! <= 1)) fail(where, `${label}: starts at ${times[0]}.`);
          times.forEach((t, i) => {
            if (i > 0 && !(t < times[i - 1]!)) fail(where, `${label}: ${t} comes after ${times[i - 1]}.`);
          });
        }
      },
    },
    {
      name: "the same options give the same times",
      run() {
        for (const { label, times, again } of made()) {
          if (times.some((t, i) => t !== again[i])) fail(where, `${label}: two makings differ.`);
        }
      },
    },
    {
      name: "zero, negative and broken counts are refused",
      run() {
        for (const n of [0, -1, 2.5, Number.NaN]) {
          for (const schedule of schedules) {
            if (refusable(() => make().times(n, schedule))) fail(where, `${n} steps were not refused.`);
          }
        }
      },
    },
  ];
}

/**
 * What every {@link TimeSampler} promises, on each of these schedules; it may refuse some with a DdpmError, not all.
 */
export function timeSamplerSuite(
  make: () => TimeSampler,
  schedules: readonly NoiseSchedule[],
): readonly ScheduleCheck[] {
  const where = "testing/schedule-suite";
  const batch = 12;
  const draw = (schedule: NoiseSchedule, first: number, count: number, stream: Random) =>
    make().draw({ first, count, batch }, stream, schedule);
  const taken = schedules.filter((schedule) => refusable(() => draw(schedule, 0, batch, random(0))));
  return [
    {
      name: "some schedule is accepted",
      run() {
        if (taken.length === 0) fail(where, `${make().name} refuses every schedule.`);
      },
    },
    {
      name: "one time in (0, 1] per image",
      run() {
        for (const schedule of taken) {
          const times = draw(schedule, 0, 10 * batch, random(1));
          if (times.length !== 10 * batch) fail(where, `${times.length} times for ${10 * batch} images.`);
          const wrong = times.find((t) => !(t > 0 && t <= 1));
          if (wrong !== undefined) fail(where, `time ${wrong} on ${schedule.name}.`);
        }
      },
    },
    {
      name: "image k has the same time however the stream is cut, and whatever was drawn before",
      run() {
        for (const schedule of taken) {
          const whole = draw(schedule, 0, 3 * batch, random(2));
          const stream = random(2);
          stream.uniform();
          const parts = [27, 0, 5].flatMap((first, i) => {
            const count = [3 * batch - 27, 5, 22][i]!;
            return [...draw(schedule, first, count, stream)].map((t, j) => ({ k: first + j, t }));
          });
          for (const { k, t } of parts) {
            if (t !== whole[k]) fail(where, `image ${k} has time ${t}, and ${whole[k]} in one piece.`);
          }
        }
      },
    },
    {
      name: "another seed gives other times",
      run() {
        const same = taken.every((schedule) => {
          const other = draw(schedule, 0, 5 * batch, random(4));
          return draw(schedule, 0, 5 * batch, random(3)).every((t, i) => t === other[i]);
        });
        if (same) fail(where, `seeds 3 and 4 agree on every schedule.`);
      },
    },
  ];
}

function grid(from: number): number[] {
  return Array.from({ length: GRID + 1 - from }, (_, i) => (i + from) / GRID);
}

/** The result, or undefined where it was refused as the contract says. */
function refusable<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (isDdpmError(error)) return undefined;
    throw error;
  }
}
