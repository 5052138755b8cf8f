import { custom, lint } from "@ddpm/schedules";
import { useMemo } from "preact/hooks";
import { ownBetas } from "../../model/formula/own-betas.ts";
import { attempt } from "../../model/schedule-entry.ts";
import { change } from "../../state/settings.ts";
import { CopyButton } from "../../ui/controls/copy-button.tsx";
import { EntryList } from "./entry-list.tsx";
import { OwnSchedule } from "./own-schedule.tsx";
import { type DrawnSchedule, SchedulePlots } from "./schedule-plots.tsx";
import { settings } from "./settings.ts";
import { type Shown, shownOf } from "./shown.ts";

/** Curves of any number of schedules, each with its options. */
export function SchedulesPanel() {
  const { entries, own, ownShown, ownSteps } = settings.value;
  const shown = useMemo(() => shownOf(entries), [entries]);
  const made = useMemo(() => attempt(() => custom({ betas: [...ownBetas(own, ownSteps)] })), [own, ownSteps]);
  const mine: Shown = { label: "custom", made, colour: entries.length };
  const drawn = drawnOf(ownShown ? [...shown, mine] : shown);
  return (
    <>
      <h1>Noise schedules</h1>
      <p class="lead">
        How an image turns into noise as t runs from 0 to 1: x<sub>t</sub> = α x<sub>0</sub> + σ ε. Compare
        schedules, and change their options.
      </p>
      <div class="split">
        <div class="card">
          <EntryList {...{ entries, shown }} onChange={(changed) => change(settings, { entries: changed })} />
          <OwnSchedule
            {...{ own, ownShown, ownSteps, made }}
            colour={mine.colour}
            onChange={(part) => change(settings, part)}
          />
          <p class="row">
            <CopyButton label="Copy link to this view" text={() => location.href} />
          </p>
        </div>
        <div class="stack">
          <SchedulePlots drawn={drawn} />
          <Warnings drawn={drawn} />
        </div>
      </div>
    </>
  );
}

/** Those that could be made. */
function drawnOf(shown: readonly Shown[]): DrawnSchedule[] {
  return shown.flatMap(({ label, made, colour }) =>
    made.schedule ? [{ label, schedule: made.schedule, colour }] : [],
  );
}

/** What the linter says. */
function Warnings({ drawn }: { readonly drawn: readonly DrawnSchedule[] }) {
  return (
    <>
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
    </>
  );
}
