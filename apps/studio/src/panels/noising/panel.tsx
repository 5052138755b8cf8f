import { random } from "@ddpm/core";
import { useMemo, useState } from "preact/hooks";
import { builtInPictures } from "../../model/pictures/built-in-pictures.ts";
import type { Picture } from "../../model/pictures/picture.ts";
import { makeSchedule } from "../../model/schedule-entry.ts";
import { change } from "../../state/settings.ts";
import { AtTime } from "./at-time.tsx";
import { NoisingOptions } from "./noising-options.tsx";
import { settings } from "./settings.ts";
import { Strip } from "./strip.tsx";

/** A picture at every moment between itself and noise, on several schedules at once. */
export function NoisingPanel() {
  const { picture: name, t, stages, seed, schedules } = settings.value;
  const [own, setOwn] = useState<Picture>();
  const picture = useMemo(
    () => (name === "own" && own ? own : (builtInPictures[name] ?? builtInPictures.sunset!)()),
    [name, own],
  );
  const eps = useMemo(() => random(seed).fork("noise").normals(picture.data.length), [picture, seed]);
  const take = (given: Picture): void => {
    setOwn(given);
    change(settings, { picture: "own" });
  };
  const lines = schedules.flatMap((one) => {
    const { schedule } = makeSchedule(one, {});
    return schedule ? [{ name: one, schedule }] : [];
  });
  const [first] = lines;
  return (
    <>
      <h1>From a picture to noise</h1>
      <p class="lead">
        Training shows a network pictures like these, at random times t, and asks what noise was added. Move
        t, and compare what schedules leave of the picture.
      </p>
      <div class="split">
        <div class="card options">
          <NoisingOptions own={own} onPicture={take} />
        </div>
        <div class="stack">
          {first && <AtTime {...first} {...{ picture, eps, t }} />}
          {lines.map((line) => (
            <Strip key={line.name} {...line} {...{ picture, eps, stages, t }} />
          ))}
        </div>
      </div>
    </>
  );
}
