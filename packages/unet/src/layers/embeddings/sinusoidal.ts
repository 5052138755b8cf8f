import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Published forms of the sinusoidal embedding of a number t, with d columns and h = ⌊d / 2⌋:
 *
 * - `ho`: [sin ‖ cos], frequency i is theta^(−i / (h − 1)) (Ho et al. 2020, and most ports)
 * - `openai`: [cos ‖ sin], theta^(−i / h) (improved- and guided-diffusion)
 * - `transformer`: sin and cos in turn, theta^(−2k / d) (Vaswani et al. 2017, section 3.5)
 * - `doubled`: as `transformer` with the exponent doubled, theta^(−4k / d) (BrianPulfer, after its repair)
 */
export type SinusoidalForm = "ho" | "openai" | "transformer" | "doubled";

/** Options of {@link sinusoidal}. */
export interface SinusoidalOptions {
  /** Columns; a last column of zeros where odd. */
  readonly width: number;
  /** `ho` when left out. */
  readonly form?: SinusoidalForm;
  /** Base of the frequencies; 10000 when left out. */
  readonly theta?: number;
  /** Factor on t; 1 when left out. */
  readonly scale?: number;
  /** Overrides the form's [sin ‖ cos] order. */
  readonly cosFirst?: boolean;
  /** Overrides the form's denominator h − shift (diffusers `freq_shift`). */
  readonly shift?: number;
}

/** Frequencies of the h = ⌊width / 2⌋ pairs of columns, float64. */
export function sinusoidalFrequencies(options: SinusoidalOptions): Float64Array {
  const { width, form = "ho", theta = 10000, scale = 1 } = options;
  const half = Math.floor(width / 2);
  const shift = options.shift ?? (form === "ho" ? 1 : 0);
  if (half - shift <= 0) {
    fail("unet/sinusoidal", `width ${width} is too small for form "${form}".`, "Take 4 or more.");
  }
  const exponent = (i: number): number => {
    if (form === "transformer") return (2 * i) / width;
    if (form === "doubled") return (4 * i) / width;
    return i / (half - shift);
  };
  return Float64Array.from({ length: half }, (_, i) => scale * theta ** -exponent(i));
}

/**
 * Sinusoidal embedding of numbers, [B] → [B, width].
 *
 * @throws DdpmError for a width without columns
 */
export function sinusoidal(options: SinusoidalOptions): (t: tf.Tensor1D) => tf.Tensor2D {
  const { width, form = "ho" } = options;
  const frequencies = Float32Array.from(sinusoidalFrequencies(options));
  const half = frequencies.length;
  const interleaved = form === "transformer" || form === "doubled";
  const cosFirst = options.cosFirst ?? form === "openai";
  return (t) => {
    const angle = withinTurn(tf.mul(tf.reshape(t, [-1, 1]), tf.tensor2d(frequencies, [1, half])));
    const pair = cosFirst ? [tf.cos(angle), tf.sin(angle)] : [tf.sin(angle), tf.cos(angle)];
    const columns = interleaved
      ? tf.reshape(tf.stack(pair, 2), [-1, 2 * half])
      : tf.concat(pair as tf.Tensor2D[], 1);
    if (width % 2 === 0) return columns as tf.Tensor2D;
    return tf.pad(columns as tf.Tensor2D, [
      [0, 0],
      [0, 1],
    ]);
  };
}

/** 2π = this + {@link TURN_REST}; exact in 8 bits, so that whole multiples of it round to nothing. */
const TURN = 6.28125;
const TURN_REST = 2 * Math.PI - TURN;

/** The same angle in [−π, π], where shading languages promise a precision for sin and cos. */
export function withinTurn<T extends tf.Tensor>(angle: T): T {
  const turns = tf.round(tf.mul(angle, 1 / (2 * Math.PI)));
  return tf.sub(tf.sub(angle, tf.mul(turns, TURN)), tf.mul(turns, TURN_REST)) as T;
}
