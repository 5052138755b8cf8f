import { formatDuration, formatShort } from "@ddpm/core/authoring";
import { running } from "../../state/training.ts";
import { Fact } from "../../ui/fact.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { PicturesRow } from "../../ui/pictures/pictures-row.tsx";
import { LossPlot, smoothed } from "./loss-plot.tsx";
import { RateControl } from "./rate-control.tsx";
import { current, failure, losses, perSecond, rateNow, samples, savedAt } from "./training.ts";

/** What the training does: numbers, loss, pictures from one noise. */
export function Progress() {
  return (
    <div class="stack progress" id="progress">
      <FailureNote error={failure.value} />
      <Numbers />
      <SamplesSeen />
    </div>
  );
}

function Numbers() {
  const { images, loss } = losses.value;
  const total = current.value?.config.train.images ?? 1;
  const seen = Math.max(images.at(-1) ?? 0, savedAt.value ?? 0);
  const left = running.value && perSecond.value > 0 ? (total - seen) / perSecond.value : undefined;
  return (
    <>
      <section class="card" aria-label="Progress">
        <dl class="facts">
          <Fact name="run" value={current.value?.run ?? "none yet"} />
          <Fact
            name="images seen"
            value={`${formatShort(seen)}${current.value ? ` of ${formatShort(total)}` : ""}`}
          />
          <Fact name="images/s" value={running.value ? formatShort(perSecond.value) : "–"} />
          <Fact name="time left" value={left === undefined ? "–" : formatDuration(left)} />
          <Fact name="loss, smoothed" value={smoothed(loss).at(-1)?.toPrecision(3) ?? "–"} />
          <Fact name="rate" value={rateNow.value === undefined ? "–" : formatShort(rateNow.value)} />
          <Fact name="saved at" value={savedAt.value ? formatShort(savedAt.value) : "–"} />
        </dl>
        <progress max={total} value={seen} aria-label="images seen" />
        <RateControl />
      </section>
      <div class="card">
        <LossPlot images={images} loss={loss} total={total} />
      </div>
    </>
  );
}

function SamplesSeen() {
  return (
    <section class="card" aria-label="Samples">
      <h2>Samples from the same noise</h2>
      {samples.value.length === 0 && <p class="soft">They appear during training.</p>}
      {[...samples.value].reverse().map(({ images: at, pictures }) => (
        <div key={at}>
          <p class="soft numbers">after {formatShort(at)} images</p>
          <PicturesRow pictures={pictures} columns={pictures.count} label={`samples after ${at} images`} />
        </div>
      ))}
    </section>
  );
}
