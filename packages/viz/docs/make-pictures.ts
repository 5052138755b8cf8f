/**
 * Draws the pictures of the README: `npx tsx --conditions=@ddpm/source docs/make-pictures.ts` in this package.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { random } from "@ddpm/core";
import { curvesOfBetas, type ImageBatch } from "../src/authoring.ts";
import { scheduleChart } from "../src/charts/index.ts";
import { forwardStrip, gif, grid, png, toPixels } from "../src/index.ts";

const SIDE = 32;
const STEPS = 1000;

/** Discs on a dark ground, [B, SIDE, SIDE, 3] in [-1, 1]. */
function discs(colours: readonly (readonly number[])[]): ImageBatch {
  const data = new Float32Array(colours.length * SIDE * SIDE * 3);
  colours.forEach((colour, b) => {
    const [cx, cy, radius] = [13 + 3 * b, 18 - 3 * b, 8 + 2 * (b % 2)];
    for (let i = 0; i < SIDE * SIDE; i++) {
      const distance = Math.hypot((i % SIDE) - cx, Math.floor(i / SIDE) - cy);
      const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
      for (let c = 0; c < 3; c++)
        data[(b * SIDE * SIDE + i) * 3 + c] = cover * colour[c]! + (1 - cover) * (-0.85 + 0.2 * (c / 2));
    }
  });
  return { data, shape: [colours.length, SIDE, SIDE, 3] };
}

const linear = Array.from({ length: STEPS }, (_, i) => 1e-4 + ((0.02 - 1e-4) * i) / (STEPS - 1));
const scaled = linear.map((_, i) => {
  const [from, to] = [Math.sqrt(0.00085), Math.sqrt(0.012)];
  return (from + ((to - from) * i) / (STEPS - 1)) ** 2;
});
const f = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
const cosine = linear.map((_, i) => Math.min(0.999, 1 - f((i + 1) / STEPS) / f(i / STEPS)));

const schedules = [
  curvesOfBetas("linear", linear),
  curvesOfBetas("scaled linear", scaled),
  curvesOfBetas("cosine", cosine),
];

const x0 = discs([
  [0.9, 0.2, -0.3],
  [-0.2, 0.6, 0.9],
]);
const eps = random(0).normals(x0.data.length);

/** x_t = √ᾱ x_0 + √(1 − ᾱ) ε, the same ε at every t. */
function noised(abar: number): ImageBatch {
  const [alpha, sigma] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
  return { data: x0.data.map((x, i) => alpha * x + sigma * eps[i]!), shape: x0.shape };
}

const frames = [x0, ...Array.from(schedules[2]!.abar!, noised)];
const save = (name: string, content: string | Uint8Array) => {
  writeFileSync(fileURLToPath(new URL(name, import.meta.url)), content);
  console.log(`${name}: ${content.length} bytes`);
};

save("forward.png", png(forwardStrip(frames, { count: 7, scale: 2 }), { text: { Software: "@ddpm/viz" } }));
save("schedules.svg", scheduleChart(schedules));
if (process.argv.includes("--gif"))
  save(
    "noising.gif",
    gif(frames.filter((_, i) => i % 40 === 0).map((frame) => grid(toPixels(frame), { scale: 2 }))),
  );
