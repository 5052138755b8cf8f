import type { NoiseSchedule, Parameterization } from "../../packages/core/src/index.ts";
import { timeAtHalfLogSnr } from "../../packages/core/src/index.ts";
import { edmParameterization, eps, score, v } from "../../packages/diffusion/src/index.ts";
import { cosine, cosineContinuous, ve, vp } from "../../packages/schedules/src/index.ts";
import { type Declared, numberOf, translate } from "./declared.ts";
import { ratioAt } from "./ladder-cases.ts";
import { unsupported } from "./result.ts";
import { exploding } from "./sampling/ladders.ts";

/** What a reference's class is here. */
export interface Meaning {
  readonly parameterization: Parameterization;
  /** Where the network was trained. */
  readonly schedule: NoiseSchedule;
  /** The time of a noise level u = sigma / alpha that the network receives. */
  timeAt(u: number): number;
  /** The lowest and the highest noise level, where the class has them. */
  readonly range?: readonly [min: number, max: number];
  /** What a float32 reference may be off in what the network receives. */
  readonly noiseError?: (u: number) => number;
  /** σ_data, where the class has weightings. */
  readonly sigmaData?: number;
  /** The reference was run in float64. */
  readonly exact?: boolean;
}

/** The step from 1 to the next float32. */
export const SINGLE: number = 2 ** -23;

const classes: Readonly<Record<string, (options: Declared) => Meaning>> = {
  "NVlabs/edm VPPrecond": variancePreserving,
  "NVlabs/edm VEPrecond": (options) => {
    const range = translate(options, { sigma_min: "sigmaMin", sigma_max: "sigmaMax" });
    const schedule = ve(range);
    return {
      ...on(schedule),
      parameterization: score(),
      range: [ratioAt(schedule, 1e-12), ratioAt(schedule, 1)],
    };
  },
  "NVlabs/edm iDDPMPrecond": improved,
  "NVlabs/edm EDMPrecond": (options) => {
    translate(options, { sigma_data: null, sigma_min: null, sigma_max: null });
    return {
      ...on(exploding),
      parameterization: edmParameterization({ sigmaData: numberOf(options, "sigma_data", 0.5) }),
    };
  },
  "crowsonkb/k-diffusion Denoiser.get_scalings": (options) => {
    translate(options, { sigma_data: null });
    const sigmaData = numberOf(options, "sigma_data", 1);
    return { ...on(exploding), parameterization: edmParameterization({ sigmaData }), sigmaData, exact: true };
  },
  "crowsonkb/k-diffusion VDenoiser": (options) => {
    translate(options, { sigma_data: null });
    if (numberOf(options, "sigma_data", 1) !== 1) unsupported("VDenoiser has sigma_data 1");
    return { ...on(cosineContinuous({ offset: 0 })), parameterization: v({ timeScale: 1 }), exact: true };
  },
};

/** What the class `name` of a reference is here, with these options. */
export function meaningOf(reference: string, name: string, options: Declared): Meaning {
  return (
    classes[`${reference} ${name}`]?.(options) ??
    unsupported(`no meaning is declared as ${name} of ${reference}`)
  );
}

function on(schedule: NoiseSchedule): Pick<Meaning, "schedule" | "timeAt"> {
  return { schedule, timeAt: (u) => timeAtHalfLogSnr(schedule, -Math.log(u)) };
}

/** VP networks receive (M − 1) · t. The reference's ln(1 + σ²), in float32, is off by a rounding of 1. */
function variancePreserving(options: Declared): Meaning {
  translate(options, { beta_d: null, beta_min: null, M: null, epsilon_t: null });
  const betaMin = numberOf(options, "beta_min", 0.1);
  const slope = numberOf(options, "beta_d", 19.9);
  const timeScale = numberOf(options, "M", 1000) - 1;
  const schedule = vp({ betaMin, betaMax: betaMin + slope });
  const { timeAt } = on(schedule);
  return {
    schedule,
    timeAt,
    parameterization: eps({ timeScale }),
    range: [ratioAt(schedule, numberOf(options, "epsilon_t", 1e-5)), ratioAt(schedule, 1)],
    noiseError: (u) => timeScale * SINGLE * (1 / (betaMin + slope * timeAt(u)) + 1),
  };
}

/** Its network knows the steps of a chain only: a level between them counts as the nearest, the clean end included. */
function improved(options: Declared): Meaning {
  translate(options, { C_1: null, C_2: null, M: null });
  const steps = numberOf(options, "M", 1000);
  const maxBeta = 1 - numberOf(options, "C_1", 0.001);
  const schedule = cosine({ steps, offset: numberOf(options, "C_2", 0.008), maxBeta });
  const levels = Array.from({ length: steps + 1 }, (_, i) => ratioAt(schedule, i / steps));
  const timeAt = (u: number) => {
    const distances = levels.map((level) => Math.abs(level - u));
    return distances.indexOf(Math.min(...distances)) / steps;
  };
  return { schedule, timeAt, parameterization: eps(), range: [levels[1]!, levels[steps]!] };
}
