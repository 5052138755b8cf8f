import { learningRates } from "@ddpm/trainer";
import { describe, expect, it } from "vitest";
import { factorAt, fullRate, ratePlan, withChange } from "../src/model/configuration/rate-changes.ts";

const course = { name: "constant", rate: 1e-3 };

describe("a rate that is changed by hand", () => {
  it("is what the trainer makes of it, change after change", () => {
    const spec = withChange(withChange(course, 64, 0.5), 128, 2);
    const rate = learningRates.create(spec as never);
    const at = (images: number): number =>
      rate.at({ update: images / 16 + 1, images, batch: 16, until: 1000, epoch: 100 });
    expect([0, 48, 64, 112, 128, 960].map(at)).toEqual([1e-3, 1e-3, 5e-4, 5e-4, 2e-3, 2e-3]);
    const plan = ratePlan(spec);
    expect([0, 64, 500].map((images) => factorAt(plan, images))).toEqual([1, 0.5, 2]);
    expect(fullRate(plan)).toBe(1e-3);
  });

  it("forgets what was to come later, and changes that change nothing", () => {
    const spec = withChange(withChange(course, 64, 0.5), 128, 2);
    expect(ratePlan(withChange(spec, 96, 3)).changes.map(({ from }) => from)).toEqual([64, 96]);
    expect(withChange(withChange(course, 64, 0.5), 64, 1)).toEqual(course);
    expect(withChange(course, 64, 1)).toEqual(course);
  });
});
