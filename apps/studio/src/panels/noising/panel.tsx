import { random, snr } from "@ddpm/core";
import { useMemo, useState } from "preact/hooks";
import { builtInPictures } from "../../model/pictures/built-in-pictures.ts";
import type { Picture } from "../../model/pictures/picture.ts";
import { makeSchedule } from "../../model/schedule-entry.ts";
import { change } from "../../state/settings.ts";
import { Choice } from "../../ui/controls/choice.tsx";
import { CopyButton } from "../../ui/controls/copy-button.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { Toggle } from "../../ui/controls/toggle.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { PictureDrop } from "../../ui/pictures/picture-drop.tsx";
import { short } from "../../ui/plot/axis.ts";
import { Camera } from "./camera.tsx";
import { loadPicture } from "./load-picture.ts";
import { Noised } from "./noised.tsx";
import { settings } from "./settings.ts";
import { Strip } from "./strip.tsx";

/** A picture at any moment between itself and noise, on several schedules at once. */
export function NoisingPanel() {
  const { picture: name, t, stages, seed, schedules } = settings.value;
  const [own, setOwn] = useState<Picture>();
  const [problem, setProblem] = useState<unknown>();
  const picture = useMemo(
    () => (name === "own" && own ? own : (builtInPictures[name] ?? builtInPictures.sunset!)()),
    [name, own],
  );
  const eps = useMemo(() => random(seed).fork("noise").normals(picture.data.length), [picture, seed]);
  const lines = schedules.flatMap((one) => {
    const { schedule } = makeSchedule(one, {});
    return schedule ? [{ name: one, schedule }] : [];
  });
  const show = (given: Picture): void => {
    setOwn(given);
    setProblem(undefined);
    change(settings, { picture: "own" });
  };
  const take = async (file: File): Promise<void> => {
    try {
      show(await loadPicture(file));
    } catch (error) {
      setProblem(error);
    }
  };
  const toggle = (one: string, on: boolean): void => {
    const next = on ? [...schedules, one] : schedules.filter((other) => other !== one);
    if (next.length > 0) change(settings, { schedules: next });
  };
  const [first] = lines;
  const level = first?.schedule.at(t);

  return (
    <>
      <h1>From a picture to noise</h1>
      <p class="lead">
        Training shows a network pictures like these, at random times t, and asks what noise was added. Move
        t, and compare what schedules leave of the picture.
      </p>
      <div class="split">
        <div class="card options">
          <PictureDrop onFile={(file) => void take(file)}>
            <Choice
              label="Picture"
              value={name === "own" && !own ? "sunset" : name}
              options={[...Object.keys(builtInPictures), ...(own ? [{ value: "own", label: own.name }] : [])]}
              onChange={(value) => change(settings, { picture: value })}
            />
          </PictureDrop>
          <Camera onPicture={show} onFailure={setProblem} />
          <FailureNote error={problem} />
          <Slider label="t" value={t} min={0} max={1} onInput={(value) => change(settings, { t: value })} />
          <Slider
            label="Stages of the strip"
            value={stages}
            min={2}
            max={30}
            step={1}
            onInput={(value) => change(settings, { stages: value })}
          />
          <p class="row">
            <button type="button" onClick={() => change(settings, { seed: seed + 1 })}>
              Other noise
            </button>
            <CopyButton label="Copy link" text={() => location.href} />
          </p>
          <details>
            <summary>Schedules side by side ({lines.length})</summary>
            <div class="options">
              {pluginChoices.schedules.map((one) => (
                <Toggle
                  key={one}
                  label={one}
                  value={schedules.includes(one)}
                  onChange={(on) => toggle(one, on)}
                />
              ))}
            </div>
          </details>
        </div>
        <div class="stack">
          {first && level && (
            <section class="card" aria-label="The picture at t">
              <div class="three">
                <Noised label="x₀, the picture" {...{ picture, eps }} alpha={1} sigma={0} />
                <Noised label="ε, the noise" {...{ picture, eps }} alpha={0} sigma={1} />
                <Noised label={`x at t = ${short(t)}, ${first.name}`} {...{ picture, eps }} {...level} />
              </div>
              <p class="numbers">
                x<sub>t</sub> = {level.alpha.toFixed(3)} · x<sub>0</sub> + {level.sigma.toFixed(3)} · ε
                <span class="soft"> signal-to-noise ratio {short(snr(level))}</span>
              </p>
            </section>
          )}
          {lines.map(({ name: one, schedule }) => (
            <Strip key={one} name={one} {...{ schedule, picture, eps, stages, t }} />
          ))}
        </div>
      </div>
    </>
  );
}
