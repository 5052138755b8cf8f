import { type NoiseSchedule, type Registry, registry } from "@ddpm/core";
import { betaSigmoid } from "./schedules/beta-sigmoid.ts";
import { constant } from "./schedules/constant.ts";
import { cosine } from "./schedules/cosine.ts";
import { cosineContinuous } from "./schedules/cosine-continuous.ts";
import { custom } from "./schedules/custom.ts";
import { edm } from "./schedules/edm.ts";
import { exponential } from "./schedules/exponential.ts";
import { jsd } from "./schedules/jsd.ts";
import { laplace } from "./schedules/laplace.ts";
import { linear } from "./schedules/linear.ts";
import { logSnrCosine } from "./schedules/log-snr-cosine.ts";
import { logSnrLinear } from "./schedules/log-snr-linear.ts";
import { quadratic } from "./schedules/quadratic.ts";
import { rectified } from "./schedules/rectified.ts";
import { scaledLinear } from "./schedules/scaled-linear.ts";
import { sigmoid } from "./schedules/sigmoid.ts";
import { ve } from "./schedules/ve.ts";
import { vp } from "./schedules/vp.ts";
import { warmup } from "./schedules/warmup.ts";

/** Built-in schedules that wrap no other: those that a wrapper may name. */
export const base: Registry<NoiseSchedule> = registry<NoiseSchedule>("schedule", [
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
]);
