import { expect, test } from "vitest";
import { trainedWith } from "../src/exchange/trained-with.ts";

test.each([
  [{}, {}, ["linear", "eps", "trailing"]],
  [{ schedule: "edm" }, {}, ["edm", "edm", "karras"]],
  [{ schedule: "vp" }, {}, ["vp", "eps", "even"]],
  [{ schedule: "ve" }, {}, ["ve", "score", "karras"]],
  [{ schedule: "rectified" }, {}, ["rectified", "flow", "even"]],
  [{ schedule: "rectified", parameterization: "v", spacing: "karras" }, {}, ["rectified", "v", "karras"]],
  [{}, { precond: "EDMPrecond", sigma_data: 0.25 }, ["edm", { name: "edm", sigmaData: 0.25 }, "karras"]],
])(
  "%j of a network built with %j becomes %j",
  async (flags, network, [schedule, parameterization, spacing]) => {
    expect(await trainedWith(flags, network)).toEqual({ schedule, parameterization, sample: { spacing } });
  },
);
