import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { SampledRun } from "../src/authoring.ts";

/** A folder that is removed after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exchange-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How a small model was trained and samples. */
export const run: SampledRun = {
  schedule: { name: "cosine", steps: 100 },
  parameterization: "eps",
  range: "symmetric",
  sample: { sampler: "ddim", spacing: "trailing", steps: 4, clip: true },
};
