import { random } from "@ddpm/core";
import { moons } from "@ddpm/data";
import { schedules } from "@ddpm/schedules";
import { choice, controls, slider } from "./controls.ts";
import { plane } from "./plane.ts";

const POINTS = 600;

/** Points of two moons at any time of the forward process. */
export async function mount(parent: HTMLElement): Promise<void> {
  const row = controls(parent);
  const set = moons({ count: POINTS });
  const data = await Promise.all(Array.from({ length: POINTS }, (_, k) => set.image(k)));
  const noise = random(0).normals(2 * POINTS);
  const time = slider(row, "t", { min: 0, max: 1, step: 0.01, value: 0.3 }, () => redraw());
  const name = choice(row, "schedule", ["cosine", "linear", "sigmoid", "rectified"], () => redraw());
  const level = document.createElement("output");
  row.append(level);
  const view = plane(parent, 3, "points of two moons with noise");
  const redraw = (): void => {
    const { alpha, sigma } = schedules.create(name()).at(time());
    level.textContent = `α ${alpha.toFixed(3)}, σ ${sigma.toFixed(3)}`;
    view.draw((pen) => {
      for (const [k, { pixels, label = 0 }] of data.entries()) {
        pen.dot(
          alpha * pixels[0]! + sigma * noise[2 * k]!,
          alpha * pixels[1]! + sigma * noise[2 * k + 1]!,
          label,
        );
      }
    });
  };
  redraw();
}
