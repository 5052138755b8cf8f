import { useBackend } from "@ddpm/backends";
import { cosine, linear } from "@ddpm/schedules";
import { denoiserSuite, samplerSuite, scheduleSuite } from "@ddpm/testing";
import type { Check } from "@ddpm/testing/authoring";
import { describe, test } from "vitest";
import { midpoint, ramp, tiny } from "../src/index.ts";

await useBackend("wasm");

/** What the contracts of @ddpm promise, a test each. */
const suites: Readonly<Record<string, readonly Check[]>> = {
  ramp: scheduleSuite(() => ramp()),
  midpoint: samplerSuite(() => midpoint(), { schedules: [linear(), cosine()] }),
  tiny: denoiserSuite(() => tiny()),
};

describe.each(Object.entries(suites))("%s", (_name, suite) => {
  for (const { name, run } of suite) test(name, run);
});
