import { custom, lint } from "@ddpm/schedules";
import { useMemo } from "preact/hooks";
import { ownBetas } from "../../model/formula/own-betas.ts";
import { attempt, type Made, makeSchedule } from "../../model/schedule-entry.ts";
import { change } from "../../state/settings.ts";
import { CopyButton } from "../../ui/controls/copy-button.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { Plot } from "../../ui/plot/plot.tsx";
import { abarCurve, betaCurve, logSnrCurve } from "./curves.ts";
import { EntryCard } from "./entry-card.tsx";
import { OwnSchedule } from "./own-schedule.tsx";
import { type Entry, settings } from "./settings.ts";

interface Shown {
  readonly label: string;
  readonly made: Made;
  readonly colour: number;
}

/** Curves of any number of schedules, each with its options. */
export function SchedulesPanel() {
  const { entries, own, ownShown, ownSteps } = settings.value;
  const shown = useMemo(() => shownOf(entries), [entries]);
  const mine = useMemo(() => attempt(() => custom({ betas: [...ownBetas(own, ownSteps)] })), [own, ownSteps]);
  const all: readonly Shown[] = ownShown
    ? [...shown, { label: "my own", made: mine, colour: entries.length }]
    : shown;
  const drawn = all.flatMap(({ label, made, colour }) =>
    made.schedule ? [{ label, schedule: made.schedule, colour }] : [],
  );
  const set = (index: number, entry: Entry): void =>
    change(settings, { entries: entries.map((old, i) => (i === index ? entry : old)) });
  const remove = (index: number): void =>
    change(settings, { entries: entries.filter((_, i) => i !== index) });
  const add = (name: string): void => change(settings, { entries: [...entries, { name, options: {} }] });

  return (
    <>
      <h1>Noise schedules</h1>
      <p class="lead">
        How an image turns into noise as t runs from 0 to 1: x<sub>t</sub> = α x<sub>0</sub> + σ ε. Put
        schedules side by side and move their options.
      </p>
      <div class="split">
        <div class="card">
          {shown.map(({ label, made, colour }, index) => (
            <EntryCard
              key={`${index}-${entries[index]!.name}`}
              {...{ label, made, colour }}
              entry={entries[index]!}
              onChange={(entry) => set(index, entry)}
              onRemove={() => remove(index)}
            />
          ))}
          <label class="field entry">
            <span>Add</span>
            <select
              value=""
              onChange={({ currentTarget }) => {
                add(currentTarget.value);
                currentTarget.value = "";
              }}
            >
              <option value="" disabled>
                a schedule …
              </option>
              {pluginChoices.schedules.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <OwnSchedule
            {...{ own, ownShown, ownSteps }}
            colour={entries.length}
            made={mine}
            onChange={(part) => change(settings, part)}
          />
          <p class="row">
            <CopyButton label="Copy link to this view" text={() => location.href} />
          </p>
        </div>
        <div class="stack">
          <div class="card">
            <Plot
              title="ᾱ: share of signal that is left"
              xLabel="t"
              x={[0, 1]}
              y={[0, 1]}
              curves={drawn.map(({ label, schedule, colour }) => abarCurve(label, schedule, colour))}
            />
          </div>
          <div class="card">
            <Plot
              title="log-SNR: ln(α² / σ²)"
              xLabel="t"
              x={[0, 1]}
              y={[-16, 16]}
              curves={drawn.map(({ label, schedule, colour }) => logSnrCurve(label, schedule, colour))}
            />
          </div>
          <div class="card">
            <Plot
              title="β: variance added by a step (logarithmic)"
              xLabel="t"
              x={[0, 1]}
              logY
              curves={drawn.flatMap(({ label, schedule, colour }) => {
                const curve = betaCurve(label, schedule, colour);
                return curve ? [curve] : [];
              })}
            />
          </div>
          {drawn.flatMap(({ label, schedule }) =>
            lint(schedule).map(({ what, why, do: advice }) => (
              <div class="notice" key={label + what}>
                <p>
                  <strong>{label}:</strong> {what} {why}
                </p>
                <p>{advice}</p>
              </div>
            )),
          )}
        </div>
      </div>
    </>
  );
}

/** Schedules of one name are distinguished by number. */
function shownOf(entries: readonly Entry[]): Shown[] {
  return entries.map(({ name, options }, index) => {
    const before = entries.slice(0, index).filter((other) => other.name === name).length;
    return {
      label: before > 0 ? `${name} ${before + 1}` : name,
      made: makeSchedule(name, options),
      colour: index,
    };
  });
}
