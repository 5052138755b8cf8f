import { type NoiseSchedule, snr } from "@ddpm/core";
import { formatShort } from "@ddpm/core/authoring";
import type { Picture } from "../../model/pictures/picture.ts";
import { Noised } from "./noised.tsx";

export interface AtTimeProps {
  readonly name: string;
  readonly schedule: NoiseSchedule;
  readonly picture: Picture;
  readonly eps: Float32Array;
  readonly t: number;
}

/** The picture, the noise, and their sum at t. */
export function AtTime({ name, schedule, picture, eps, t }: AtTimeProps) {
  const level = schedule.at(t);
  return (
    <section class="card" aria-label="The picture at t">
      <div class="three">
        <Noised label="x₀, the picture" {...{ picture, eps }} alpha={1} sigma={0} />
        <Noised label="ε, the noise" {...{ picture, eps }} alpha={0} sigma={1} />
        <Noised label={`x at t = ${formatShort(t)}, ${name}`} {...{ picture, eps }} {...level} />
      </div>
      <p class="numbers">
        x<sub>t</sub> = {level.alpha.toFixed(3)} · x<sub>0</sub> + {level.sigma.toFixed(3)} · ε
        <span class="soft"> signal-to-noise ratio {formatShort(snr(level))}</span>
      </p>
    </section>
  );
}
