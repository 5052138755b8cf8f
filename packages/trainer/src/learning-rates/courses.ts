import { type Registry, registry } from "@ddpm/core";
import { constant } from "./constant.ts";
import { cosine } from "./cosine.ts";
import { epochs } from "./epochs.ts";
import { inverseSqrt } from "./inverse-sqrt.ts";
import type { LearningRate } from "./learning-rate.ts";
import { oneCycle } from "./one-cycle.ts";
import { pieces } from "./pieces.ts";
import { polynomial } from "./polynomial.ts";
import { steps } from "./steps.ts";
import { warmRestarts } from "./warm-restarts.ts";

/** Courses that build on no other: those that {@link changed} may name. */
export const courses: Registry<LearningRate> = registry("trainer/courses", "learning rate", [
  constant,
  cosine,
  polynomial,
  epochs,
  steps,
  pieces,
  inverseSqrt,
  warmRestarts,
  oneCycle,
]);
