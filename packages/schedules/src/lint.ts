import { halfLogSnr, type NoiseSchedule } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";

/** Something about a schedule that its user should know. */
export interface Warning {
  /** What was found, with the number. */
  readonly what: string;
  /** What it does to training or sampling. */
  readonly why: string;
  /** What to do about it. */
  readonly do: string;
}

/** Share of signal power at t = 1 above which sampling from pure noise starts off the training data. */
const SIGNAL_LIMIT = 1e-3;
/** Share of betas that may be cut before the schedule is another one. */
const CLIPPED_LIMIT = 0.01;
/** Times at which a schedule is looked at. */
const GRID = 1000;

/**
 * Looks for what published schedules got wrong; nothing found is an empty list.
 *
 * Checked: signal left at t = 1, none at all left there, betas cut by limits, betas outside (0, 1), falling betas,
 * noise that does not grow with t, and t = 0 that is not clean.
 */
export function lint(schedule: NoiseSchedule): readonly Warning[] {
  return [terminalSignal, silentEnd, clippedBetas, betaRange, fallingBetas, growth, clean].flatMap((rule) => {
    const warning = rule(schedule);
    return warning ? [warning] : [];
  });
}

type Rule = (schedule: NoiseSchedule) => Warning | undefined;

/** alpha² / (alpha² + sigma²) at t = 1; ᾱ_T of a chain. */
function signalLeft(schedule: NoiseSchedule): number {
  const { alpha, sigma } = schedule.at(1);
  return alpha ** 2 / (alpha ** 2 + sigma ** 2);
}

const terminalSignal: Rule = (schedule) => {
  const left = signalLeft(schedule);
  if (left <= SIGNAL_LIMIT) return undefined;
  return {
    what: `At t = 1 the share ${left.toPrecision(3)} of signal power is left (${(100 * Math.sqrt(left)).toFixed(1)} % of the amplitude).`,
    why: "Sampling starts from pure noise, which training never saw: pictures lose contrast and very dark or bright ones are never drawn.",
    do: "Scale the betas by 1000 / T (linear, rescale), take cosine, or wrap the schedule in zero-terminal.",
  };
};

const silentEnd: Rule = (schedule) => {
  if (!noSignal(schedule.at(1))) return undefined;
  return {
    what: "At t = 1 no signal is left at all.",
    why: "A network that predicts noise learns nothing there, and x0 cannot be computed from its guess.",
    do: "Predict v or x0, and take the spacing trailing, which begins at the last step.",
  };
};

const clippedBetas: Rule = (schedule) => {
  const clipped = "clipped" in schedule && typeof schedule.clipped === "number" ? schedule.clipped : 0;
  if (schedule.steps === undefined || clipped <= Math.max(1, CLIPPED_LIMIT * schedule.steps))
    return undefined;
  return {
    what: `${clipped} of ${schedule.steps} betas were cut to the limits.`,
    why: "The schedule is no longer the one it is named after.",
    do: "Widen the limits: 0.999 is the published highest β.",
  };
};

const betaRange: Rule = ({ betas }) => {
  if (!betas) return undefined;
  const step = betas.findIndex((beta) => !(beta > 0 && beta < 1));
  if (step < 0 || (step === betas.length - 1 && betas[step] === 1)) return undefined;
  return {
    what: `β at step ${step} is ${betas[step]}, outside (0, 1).`,
    why: "The step has no variance, or keeps nothing of the image before it.",
    do: "Keep every β between 0 and 1; only the last may be 1.",
  };
};

const fallingBetas: Rule = ({ betas }) => {
  if (!betas) return undefined;
  const step = betas.findIndex((beta, i) => i > 0 && beta < betas[i - 1]! * (1 - 1e-9));
  if (step < 0) return undefined;
  const [before, after] = distinct(betas[step - 1]!, betas[step]!);
  return {
    what: `β falls at step ${step}, from ${before} to ${after}.`,
    why: "Early steps then destroy more than late ones, and few training steps see fine detail.",
    do: "Look at the log-SNR curve and check that the betas are in order.",
  };
};

/** Two numbers with three digits, or with more where it takes more to see that they differ. */
function distinct(a: number, b: number): readonly [string, string] {
  for (let digits = 3; digits < 17; digits++) {
    const texts = [a.toPrecision(digits), b.toPrecision(digits)] as const;
    if (texts[0] !== texts[1]) return texts;
  }
  return [String(a), String(b)];
}

const growth: Rule = (schedule) => {
  let previous = halfLogSnr(schedule.at(0));
  for (let i = 1; i <= GRID; i++) {
    const lambda = halfLogSnr(schedule.at(i / GRID));
    if (!(lambda < previous)) {
      return {
        what: `Log-SNR does not fall at t = ${i / GRID}.`,
        why: "Samplers go from more noise to less, and divide by the difference.",
        do: "Make alpha / sigma fall strictly with t.",
      };
    }
    previous = lambda;
  }
  return undefined;
};

const clean: Rule = (schedule) => {
  const { alpha, sigma } = schedule.at(0);
  if (sigma === 0 && alpha > 0) return undefined;
  return {
    what: `At t = 0 alpha is ${alpha} and sigma ${sigma}.`,
    why: "Sampling ends at t = 0: its pictures would keep that noise.",
    do: "Return sigma = 0 at t = 0.",
  };
};
