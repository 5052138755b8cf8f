import { useMemo } from "preact/hooks";
import { smooth } from "../../model/smooth.ts";
import { short } from "../../ui/axis.ts";
import { PicturesRow } from "../../ui/pictures-row.tsx";
import { Plot } from "../../ui/plot.tsx";
import { current, perSecond, rows, running, samples, savedAt } from "./training.ts";

const KEEP = 0.9;

/** What the training does: numbers, loss, pictures from one noise. */
export function Progress() {
  const log = rows.value;
  const images = useMemo(() => log.map((row) => row.images), [log]);
  const loss = useMemo(() => log.map((row) => row.loss), [log]);
  const smoothed = useMemo(() => smooth(loss, KEEP), [loss]);
  const total = current.value?.config.train.images ?? 1;
  const seen = images.at(-1) ?? 0;
  const left = running.value && perSecond.value > 0 ? (total - seen) / perSecond.value : undefined;
  return (
    <div class="stack">
      <section class="card" aria-label="Progress">
        <dl class="facts">
          <Fact name="run" value={current.value?.run ?? "none yet"} />
          <Fact name="images seen" value={`${short(seen)}${current.value ? ` of ${short(total)}` : ""}`} />
          <Fact name="images a second" value={running.value ? short(perSecond.value) : "–"} />
          <Fact name="time left" value={left === undefined ? "–" : duration(left)} />
          <Fact name="loss, smoothed" value={smoothed.at(-1)?.toPrecision(3) ?? "–"} />
          <Fact name="saved at" value={savedAt.value ? short(savedAt.value) : "–"} />
        </dl>
        <progress max={total} value={seen} aria-label="images seen" />
      </section>
      <div class="card">
        <Plot
          title="Loss, as logged and smoothed"
          xLabel="images seen"
          logY
          x={[0, Math.max(total, 1)]}
          curves={[
            { name: "as logged", x: images, y: loss, colour: 0, faint: true },
            { name: "smoothed", x: images, y: smoothed, colour: 0 },
          ]}
        />
      </div>
      <section class="card" aria-label="Samples">
        <h2>Pictures from one and the same noise</h2>
        {samples.value.length === 0 && <p class="soft">They appear as training goes on.</p>}
        {[...samples.value].reverse().map(({ images: at, pictures }) => (
          <div key={at}>
            <p class="soft numbers">after {short(at)} images</p>
            <PicturesRow pictures={pictures} columns={pictures.count} label={`samples after ${at} images`} />
          </div>
        ))}
      </section>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
