import { parseRun } from "@ddpm/runs";
import { expect, test } from "vitest";
import { clipping } from "../src/drawing/pictures.ts";
import { smallRun } from "./support/small-run.ts";

test("a run's clipping is its images' range, a wrapper by name, or none", () => {
  const wrapperOf = (clip: unknown, range = "symmetric") =>
    clipping(
      parseRun(
        { ...smallRun, data: { ...smallRun.data, range }, sample: { ...smallRun.sample, clip } },
        "test",
      ),
    );
  expect(wrapperOf(true)).toEqual({ clip: { name: "clip", min: -1, max: 1 } });
  expect(wrapperOf(true, "unit")).toEqual({ clip: { name: "clip", min: 0, max: 1 } });
  expect(wrapperOf({ name: "dynamic-threshold" })).toEqual({ clip: { name: "dynamic-threshold" } });
  expect(wrapperOf(false)).toEqual({});
});
