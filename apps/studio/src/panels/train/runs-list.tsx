import { formatShort } from "@ddpm/core/authoring";
import { useState } from "preact/hooks";
import type { RunFacts } from "../../engine/jobs/stored/stored-runs.ts";
import { downloadRun, refreshRuns, removeRun, runs, uploadRun } from "../../state/runs.ts";
import { change } from "../../state/settings.ts";
import { running } from "../../state/training.ts";
import { FailureNote } from "../../ui/failure-note.tsx";
import { settings as sampling } from "../sample/settings.ts";
import { startTraining } from "./training.ts";

type Attempt = (work: Promise<unknown>) => void;

/** Runs stored in this browser: resume, sample, download, import. */
export function RunsList() {
  const [error, setError] = useState<unknown>();
  const attempt: Attempt = (work) => {
    setError(undefined);
    work.catch(setError);
  };
  if (runs.value === undefined) {
    attempt(refreshRuns());
    return <p class="soft">Loading the runs …</p>;
  }
  return (
    <>
      {runs.value.length === 0 && (
        <p class="soft">None yet. They stay in this browser, also after it is closed.</p>
      )}
      {runs.value.map((run) => (
        <RunEntry key={run.id} run={run} attempt={attempt} />
      ))}
      <ImportRun onFile={(file) => attempt(uploadRun(file))} />
      <FailureNote error={error} />
    </>
  );
}

/** One run: how far it is, and what can be done with it. */
function RunEntry({ run, attempt }: { readonly run: RunFacts; readonly attempt: Attempt }) {
  const { id, config, images, hindrance } = run;
  const until = config.train.images;
  return (
    <div class="entry">
      <p>
        <strong>{id}</strong>{" "}
        <span class="soft numbers">
          {formatShort(images)} of {formatShort(Math.max(images, until))} images
        </span>
      </p>
      {hindrance && <p class="soft">{hindrance}</p>}
      <p class="row">
        <button
          type="button"
          disabled={running.value || hindrance !== undefined}
          title={hindrance}
          onClick={() => resume(id, images, until)}
        >
          {images >= until ? "Train as long again" : "Resume"}
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
  );
}

function ImportRun({ onFile }: { onFile(file: File): void }) {
  return (
    <p class="row">
      <label class="button">
        Import a run (ZIP)
        <input
          type="file"
          accept=".zip"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) onFile(file);
            currentTarget.value = "";
          }}
        />
      </label>
    </p>
  );
}

/** Resumes a run, or trains it as long again where it is over, and shows the progress: on a phone it is further up. */
function resume(resume: string, images: number, until: number): void {
  void startTraining({ resume, ...(images >= until ? { until: images + until } : {}) });
  document.getElementById("progress")?.scrollIntoView({ block: "nearest" });
}

/** Opens the panel for sampling with this run. */
function sampleFrom(run: string): void {
  change(sampling, { model: run, label: "turns" });
  location.hash = "#sample";
}
