import type { NoiseSchedule } from "@ddpm/core";
import { formatShort } from "@ddpm/core/authoring";
import type { Picture } from "../../model/pictures/picture.ts";
import { Noised } from "./noised.tsx";

export interface StripProps {
  readonly name: string;
  readonly schedule: NoiseSchedule;
  readonly picture: Picture;
  readonly eps: Float32Array;
  readonly stages: number;
  readonly t: number;
}

/** Stages of one schedule at equal distances in time, and the picture at t in front of them. */
export function Strip({ name, schedule, picture, eps, stages, t }: StripProps) {
  const times = Array.from({ length: stages }, (_, k) => k / (stages - 1));
  return (
    <section class="card" aria-label={`${name}, ${stages} stages`}>
      <h2>
        {name}{" "}
        <span class="soft numbers">
          α = {schedule.at(t).alpha.toFixed(3)} at t = {formatShort(t)}
        </span>
      </h2>
      <div class="strip">
        {times.map((time) => (
          <Noised key={time} label={time.toFixed(2)} {...{ picture, eps }} {...schedule.at(time)} />
        ))}
      </div>
    </section>
  );
}
