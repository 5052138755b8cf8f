import fc from "fast-check";
import { expect, test } from "vitest";
import {
  halfLogSnr,
  logSnr,
  momentAt,
  type NoiseSchedule,
  snr,
  stepOfTime,
  timeAtHalfLogSnr,
  timeOfStep,
} from "../src/index.ts";

const straight: NoiseSchedule = { name: "straight", at: (t) => ({ alpha: 1 - t, sigma: t }) };
const unit = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

test("snr, log-SNR and half-log-SNR are one number three times", () => {
  fc.assert(
    fc.property(unit, (t) => {
      const level = straight.at(t);
      expect(Math.log(snr(level))).toBeCloseTo(logSnr(level), 9);
      expect(2 * halfLogSnr(level)).toBe(logSnr(level));
    }),
  );
  expect(halfLogSnr(straight.at(0))).toBe(Number.POSITIVE_INFINITY);
  expect(halfLogSnr(straight.at(1))).toBe(Number.NEGATIVE_INFINITY);
  expect(momentAt(straight, 0.25)).toEqual({ t: 0.25, alpha: 0.75, sigma: 0.25 });
});

test("without a closed form the time at a half-log-SNR is found to the last digits", () => {
  fc.assert(
    fc.property(unit, (t) => {
      expect(timeAtHalfLogSnr(straight, halfLogSnr(straight.at(t)))).toBeCloseTo(t, 13);
    }),
  );
  expect(timeAtHalfLogSnr(straight, Number.NEGATIVE_INFINITY)).toBe(1);
  expect(timeAtHalfLogSnr(straight, Number.POSITIVE_INFINITY)).toBeLessThan(1e-14);
});

test("a schedule's own inverse is used", () => {
  expect(timeAtHalfLogSnr({ ...straight, timeAt: () => 0.125 }, 3)).toBe(0.125);
});

test("no time has half-log-SNR NaN", () => {
  expect(() => timeAtHalfLogSnr(straight, Number.NaN)).toThrow("[core/level] no time has half-log-SNR NaN");
});

test("step i of T is whole again after the way through time, and −1 is clean data", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (steps, any) => {
      const i = any % steps;
      expect(stepOfTime(timeOfStep(i, steps), steps)).toBe(i);
    }),
  );
  expect(stepOfTime(0, 1000)).toBe(-1);
  expect(stepOfTime(0.0015, 1000)).toBeCloseTo(0.5, 12);
});
