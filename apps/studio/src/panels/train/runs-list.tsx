import { useState } from "preact/hooks";
import { downloadRun, refreshRuns, removeRun, runs, uploadRun } from "../../state/runs.ts";
import { change } from "../../state/settings.ts";
import { FailureNote } from "../../ui/failure-note.tsx";
import { short } from "../../ui/plot/axis.ts";
import { settings as sampling } from "../sample/settings.ts";
import { running, startTraining } from "./training.ts";

/** Runs stored in this browser: resume, sample, download, import. */
export function RunsList() {
  const [error, setError] = useState<unknown>();
  const attempt = (work: Promise<unknown>): void => {
    setError(undefined);
    work.catch(setError);
  };
  if (runs.value === undefined) {
    attempt(refreshRuns());
    return <p class="soft">Looking for runs …</p>;
  }
  return (
    <>
      {runs.value.length === 0 && (
        <p class="soft">None yet. They stay in this browser, also after it is closed.</p>
      )}
      {runs.value.map(({ id, config, images, hindrance }) => (
        <div class="entry" key={id}>
          <p>
            <strong>{id}</strong>{" "}
            <span class="soft numbers">
              {short(images)} of {short(Math.max(images, config.train.images))} images
            </span>
          </p>
          {hindrance && <p class="soft">{hindrance}</p>}
          <p class="row">
            <button
              type="button"
              disabled={running.value || hindrance !== undefined}
              title={hindrance}
              onClick={() => resume(id, images, config.train.images)}
            >
              {images >= config.train.images ? "Train as long again" : "Resume"}
            </button>
            {images > 0 && (
              <button type="button" onClick={() => sampleFrom(id)}>
                Sample
              </button>
            )}
            <button type="button" onClick={() => attempt(downloadRun(id))}>
              Download
            </button>
            <button
              type="button"
              disabled={running.value}
              onClick={() => confirm(`Delete the run ${id} for good?`) && attempt(removeRun(id))}
            >
              Delete
            </button>
          </p>
        </div>
      ))}
      <p class="row">
        <label class="button">
          Bring in a run (ZIP)
          <input
            type="file"
            accept=".zip"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) attempt(uploadRun(file));
              currentTarget.value = "";
            }}
          />
        </label>
      </p>
      <FailureNote error={error} />
    </>
  );
}

/** Trains on, as long again where the run was over, and shows how: on a phone that is further up. */
function resume(resume: string, images: number, until: number): void {
  void startTraining({ resume, ...(images >= until ? { until: images + until } : {}) });
  document.getElementById("progress")?.scrollIntoView({ block: "nearest" });
}

/** Opens the panel for sampling with this run. */
function sampleFrom(run: string): void {
  change(sampling, { model: run, label: "turns" });
  location.hash = "#sample";
}
