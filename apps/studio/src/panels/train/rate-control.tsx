import { formatShort } from "@ddpm/core/authoring";
import { useEffect, useState } from "preact/hooks";
import { factorAt, fullRate, ratePlan } from "../../model/configuration/rate-changes.ts";
import { Slider } from "../../ui/controls/slider.tsx";
import { changeRate, current } from "./training.ts";

/** Wait for the slider to rest. */
const PAUSE = 200;

/** The learning rate of the run that is shown: changed from the next update on, and written into the run. */
export function RateControl() {
  const run = current.value?.run;
  const spec = current.value?.config.train.learningRate;
  const plan = spec && ratePlan(spec);
  const full = plan ? fullRate(plan) : 0;
  const set = plan ? full * factorAt(plan, Number.POSITIVE_INFINITY) : 0;
  const [wanted, setWanted] = useState<number>();
  useEffect(() => {
    if (wanted === undefined) return;
    // Moved on meanwhile: then the answer to come counts.
    const arrived = (): void => setWanted((now) => (now === wanted ? undefined : now));
    const timer = setTimeout(() => void changeRate(wanted / full).then(arrived), PAUSE);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => setWanted(undefined), [run]);
  if (!plan || full === 0) return null;
  const last = plan.changes.at(-1);
  const constant = plan.of === "constant" || (typeof plan.of === "object" && plan.of.name === "constant");
  return (
    <>
      <Slider
        label={constant ? "Learning rate" : "Full learning rate"}
        about="from the next update on; the run keeps it"
        value={wanted ?? set}
        min={full / 1000}
        max={full * 10}
        log
        onInput={setWanted}
      />
      <p class="soft numbers" role="status">
        {last
          ? `${Number(last.factor.toPrecision(3))} times that of the start, from ${formatShort(last.from)} images on`
          : "as at the start"}
      </p>
    </>
  );
}
