/** Gains of a step-size controller. */
export interface PaceOptions {
  /** How much the last error counts; 0. */
  readonly proportional: number;
  /** How much the error itself counts; 1. */
  readonly integral: number;
  /** How much the change of the change counts; 0. */
  readonly derivative: number;
  /** Steps are taken when the next one would be at least this long; 0.81. */
  readonly safety: number;
}

/** What the controller decided. */
export interface Pace {
  readonly accepted: boolean;
  /** What to multiply the step length with. */
  readonly factor: number;
  /** Inverse errors of this and the last two accepted steps: hand them to the next call. */
  readonly errors: readonly number[];
}

/**
 * The length of the next step from the error of this one, in units of what is allowed: a PID controller whose changes
 * are limited to 1 + atan(f − 1).
 *
 * Source: Söderlind 2003, "Digital filters in adaptive time-stepping"; k-diffusion `PIDStepSizeController`.
 *
 * @param order  order of the method
 * @param errors what the last call returned; undefined at first
 */
export function paceAfter(
  error: number,
  order: number,
  errors: readonly number[] | undefined,
  { proportional, integral, derivative, safety }: PaceOptions,
): Pace {
  const now = 1 / (error + 1e-8);
  const [, last = now, older = now] = errors ?? [];
  const raw =
    now ** ((proportional + integral + derivative) / order) *
    last ** (-(proportional + 2 * derivative) / order) *
    older ** (derivative / order);
  const factor = 1 + Math.atan(raw - 1);
  const accepted = factor >= safety;
  return { accepted, factor, errors: accepted ? [now, now, last] : [now, last, older] };
}
