import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { cosineContinuous } from "./continuous/cosine-continuous.ts";
import { edm } from "./continuous/edm.ts";
import { logSnrCosine } from "./continuous/log-snr-cosine.ts";
import { logSnrLinear } from "./continuous/log-snr-linear.ts";
import { rectified } from "./continuous/rectified.ts";
import { ve } from "./continuous/ve.ts";
import { vp } from "./continuous/vp.ts";
import { betaSigmoid } from "./tables/beta-sigmoid.ts";
import { constant } from "./tables/constant.ts";
import { cosine } from "./tables/cosine.ts";
import { custom } from "./tables/custom.ts";
import { exponential } from "./tables/exponential.ts";
import { jsd } from "./tables/jsd.ts";
import { laplace } from "./tables/laplace.ts";
import { linear } from "./tables/linear.ts";
import { quadratic } from "./tables/quadratic.ts";
import { scaledLinear } from "./tables/scaled-linear.ts";
import { sigmoid } from "./tables/sigmoid.ts";
import { warmup } from "./tables/warmup.ts";

/** Built-in schedules that wrap no other: those that a wrapper may name. */
export const unwrappedSchedules: Registry<NoiseSchedule> = registry<NoiseSchedule>(
  "schedules/unwrapped",
  "schedule",
  [
    linear,
    scaledLinear,
    quadratic,
    cosine,
    betaSigmoid,
    sigmoid,
    laplace,
    exponential,
    warmup,
    constant,
    jsd,
    custom,
    vp,
    ve,
    edm,
    rectified,
    logSnrLinear,
    logSnrCosine,
    cosineContinuous,
  ],
);
