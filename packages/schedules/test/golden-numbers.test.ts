import { expect, test } from "vitest";
import type { Chain } from "../src/authoring.ts";
import { betaSigmoid, chainOf, cosine, linear, quadratic, sigmoid } from "../src/index.ts";

/** step, β, ᾱ, √ᾱ, √(1 − ᾱ), β̃, c1, c2, log10 SNR: computed in float64 from the published formulas. */
type Row = readonly [number, number, number, number, number, number, number, number, number];

const TABLES: Record<string, { chain: Chain; rows: readonly Row[] }> = {
  "linear T = 1000": {
    chain: chainOf(linear()),
    rows: [
      [0, 0.0001, 0.9999, 0.99995, 0.01, 0, 1, 0, 3.99996],
      [
        1, 0.0001199199199, 0.9997800921, 0.99989004, 0.014829293, 5.4531877e-5, 0.5452915, 0.4547085,
        3.65766,
      ],
      [
        250, 0.00507997998, 0.5214230306, 0.72209628, 0.69179258, 0.0050517198, 0.0076844223, 0.99190788,
        0.0372384,
      ],
      [
        500, 0.01005995996, 0.07779665837, 0.27892052, 0.96031419, 0.010051336, 0.0030580571, 0.99410435,
        -1.07387,
      ],
      [999, 0.02, 4.035829765e-5, 0.0063528181, 0.99997982, 0.019999984, 0.00012835149, 0.98994868, -4.39405],
    ],
  },
  "linear T = 512": {
    chain: chainOf(linear({ steps: 512 })),
    rows: [
      [
        1, 0.0001389432485, 0.9997610706, 0.99988053, 0.01545734, 5.815244e-5, 0.58149532, 0.41850468,
        3.62163,
      ],
      [
        256, 0.01006947162, 0.2694979927, 0.51913196, 0.8546941, 0.010031685, 0.0071921821, 0.99121883,
        -0.433066,
      ],
      [511, 0.02, 0.005626398068, 0.07500932, 0.99718283, 0.019997691, 0.0015239917, 0.98983518, -2.24732],
    ],
  },
  "linear T = 600": {
    chain: chainOf(linear({ steps: 600 })),
    rows: [
      [
        1, 0.0001332220367, 0.9997667913, 0.99988339, 0.015271173, 5.7125668e-5, 0.57122812, 0.42877188,
        3.63215,
      ],
      [599, 0.02, 0.002309690764, 0.048059242, 0.99884449, 0.019999055, 0.00097319109, 0.98990272, -2.63544],
    ],
  },
  "linear T = 300": {
    chain: chainOf(linear({ steps: 300 })),
    rows: [
      [299, 0.02, 0.04805842894, 0.21922233, 0.97567493, 0.019979394, 0.0046525543, 0.98892955, -1.29684],
    ],
  },
  "linear rescaled, T = 512": {
    chain: chainOf(linear({ steps: 512, rescale: true })),
    rows: [
      [0, 0.0001953125, 0.9998046875, 0.99990234, 0.013975425, 0, 1, 0, 3.70919],
      [
        511, 0.0390625, 3.778451039e-5, 0.0061469106, 0.99998111, 0.03906244, 0.0002449547, 0.98027269,
        -4.42267,
      ],
    ],
  },
  "cosine T = 1000": {
    chain: chainOf(cosine()),
    rows: [
      [0, 4.128422482e-5, 0.9999587158, 0.99997936, 0.0064252801, 0, 1, 0, 4.3842],
      [
        1, 4.614175274e-5, 0.9999125759, 0.99995629, 0.0093500841, 2.1789496e-5, 0.52778141, 0.47221859,
        4.05833,
      ],
      [
        500, 0.003155691442, 0.4922851724, 0.70163037, 0.71254111, 0.0031460051, 0.0043678669, 0.99535628,
        -0.0134031,
      ],
      [
        998, 0.7499993929, 2.428766907e-6, 0.0015584502, 0.99999879, 0.74999393, 0.0023376762, 0.49999696,
        -5.61461,
      ],
      [999, 0.999, 2.428766907e-9, 4.9282521e-5, 1, 0.99899758, 0.0015568917, 0.0316227, -8.61461],
    ],
  },
  "cosine T = 600, clip [1e-4, 0.9999]": {
    chain: chainOf(cosine({ steps: 600, minBeta: 1e-4, maxBeta: 0.9999 })),
    rows: [
      [0, 0.0001, 0.9999, 0.99995, 0.01, 0, 1, 0, 3.99996],
      [
        300, 0.005259402476, 0.4912241578, 0.70087385, 0.71328525, 0.0052325542, 0.0072643182, 0.99227546,
        -0.0152468,
      ],
      [599, 0.9999, 6.746261378e-10, 2.5973566e-5, 1, 0.99989326, 0.0025970969, 0.0099999325, -9.17094],
    ],
  },
  "cosine T = 600, clip [1e-4, 0.02]": {
    chain: chainOf(cosine({ steps: 600, minBeta: 1e-4, maxBeta: 0.02 })),
    rows: [
      [599, 0.02, 0.008756476714, 0.093576048, 0.99561213, 0.019996394, 0.0019072222, 0.98977102, -2.05385],
    ],
  },
  "quadratic T = 1000": {
    chain: chainOf(quadratic()),
    rows: [
      [
        500, 0.005742071068, 0.3312745795, 0.57556457, 0.81775633, 0.0057256433, 0.0049563875, 0.99427211,
        -0.30506,
      ],
      [999, 0.02, 0.0007334124596, 0.027081589, 0.99963323, 0.0199997, 0.00054753229, 0.98993467, -3.13433],
    ],
  },
  "beta-sigmoid T = 1000": {
    chain: chainOf(betaSigmoid()),
    rows: [
      [0, 0.0001492052008, 0.9998507948, 0.99992539, 0.012214958, 0, 1, 0, 3.82615],
      [
        500, 0.01007987979, 0.2988876278, 0.54670616, 0.83732453, 0.010036124, 0.0078999004, 0.99062837,
        -0.37028,
      ],
      [
        999, 0.0199507948, 3.968181991e-5, 0.0062993508, 0.99998016, 0.019950779, 0.00012695485, 0.98997355,
        -4.40139,
      ],
    ],
  },
  "sigmoid T = 1000": {
    chain: chainOf(sigmoid()),
    rows: [
      [0, 0.0003002791997, 0.9996997208, 0.99984985, 0.017328566, 0, 1, 0, 3.52234],
      [
        500, 0.003314364236, 0.4983428179, 0.705934, 0.70827762, 0.0033034155, 0.004671735, 0.99504351,
        -0.00287883,
      ],
      [999, 0.999, 3.002791997e-7, 0.00054797737, 0.99999985, 0.99870032, 0.017311243, 0.03161329, -6.52247],
    ],
  },
};

for (const [name, { chain, rows }] of Object.entries(TABLES)) {
  test.each(rows)(
    `${name}, step %i agrees with the published formulas to the digits given`,
    (i, ...numbers) => {
      const abar = chain.abar[i]!;
      const computed = [
        chain.betas[i]!,
        abar,
        Math.sqrt(abar),
        Math.sqrt(1 - abar),
        chain.posteriorVariance[i]!,
        chain.x0Coefficient[i]!,
        chain.xtCoefficient[i]!,
        Math.log10(abar / (1 - abar)),
      ];
      const digits = [10, 10, 8, 8, 8, 8, 8, 6];
      numbers.forEach((wanted, k) => {
        const unit = wanted === 0 ? 1e-12 : Math.abs(wanted) * 10 ** (1 - digits[k]!);
        expect(Math.abs(computed[k]! - wanted), `number ${k}`).toBeLessThanOrEqual(unit);
      });
    },
  );
}

test("half of the signal power is gone at the published step", () => {
  const half = (schedule: { abar: Float64Array }) => schedule.abar.findIndex((abar) => abar < 0.5) + 1;
  expect(half(chainOf(linear())) - 1).toBe(259);
  expect(half(chainOf(linear({ steps: 512 }))) - 1).toBe(186);
  expect(half(chainOf(linear({ steps: 600 }))) - 1).toBe(201);
  expect(half(chainOf(cosine())) - 1).toBe(496);
  expect(half(chainOf(quadratic())) - 1).toBe(418);
  expect(half(chainOf(betaSigmoid())) - 1).toBe(439);
  expect(half(chainOf(sigmoid())) - 1).toBe(500);
});

test("a cosine of power 1 is the cosine itself, up to a constant, where no beta is cut", () => {
  const steps = 600;
  const { abar } = chainOf(cosine({ steps, power: 1 }));
  const f = (i: number): number => Math.cos((((i + 1) / steps + 0.008) / 1.008) * (Math.PI / 2));
  for (const i of [0, 150, 300, 597]) expect(abar[i]).toBeCloseTo(f(i) / f(-1), 12);
});
