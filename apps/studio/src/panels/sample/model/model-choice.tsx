import { useState } from "preact/hooks";
import { shippedModels } from "../../../model/shipped/shipped.ts";
import { runs } from "../../../state/runs.ts";
import { Choice } from "../../../ui/controls/choice.tsx";
import { FailureNote } from "../../../ui/failure-note.tsx";
import { type Given, openGiven } from "./open-given.ts";
import { SHIPPED } from "./use-model.ts";
import { WeightsForm } from "./weights-form.tsx";

export interface ModelChoiceProps {
  readonly value: string;
  onChange(value: string): void;
}

/** A model that comes with the page, a run in this browser, or a file of weights that becomes one. */
export function ModelChoice({ value, onChange }: ModelChoiceProps) {
  const [weights, setWeights] = useState<Extract<Given, { file: File }>>();
  const [error, setError] = useState<unknown>();
  const open = (files: readonly File[]): void => {
    setError(undefined);
    openGiven(files).then((given) => ("run" in given ? onChange(given.run) : setWeights(given)), setError);
  };
  const shipped = shippedModels.find(({ name }) => SHIPPED + name === value);
  return (
    <>
      <Choice label="Model" value={value} options={models()} onChange={onChange} />
      {shipped && <p class="soft">{shipped.about}</p>}
      <OpenButton onFiles={open} />
      <FailureNote error={error} />
      {weights && (
        <WeightsForm
          key={`${weights.file.name}-${weights.file.lastModified}`}
          {...weights}
          onMade={(run) => {
            setWeights(undefined);
            onChange(run);
          }}
          onClose={() => setWeights(undefined)}
        />
      )}
    </>
  );
}

/** Models that can be sampled from. */
function models(): { readonly value: string; readonly label: string }[] {
  return [
    ...shippedModels.map(({ name, title }) => ({ value: SHIPPED + name, label: title })),
    ...(runs.value ?? [])
      .filter(({ images, config }) => images > 0 || config.data.source === "imported")
      .map(({ id }) => ({ value: id, label: `run ${id}` })),
  ];
}

function OpenButton({ onFiles }: { onFiles(files: readonly File[]): void }) {
  return (
    <p class="row" title="A run folder, zipped, or a .safetensors file, with its .json if there is one">
      <label class="button">
        Open a run or weights
        <input
          type="file"
          accept=".safetensors,.json,.zip"
          multiple
          onChange={({ currentTarget }) => {
            onFiles(Array.from(currentTarget.files ?? []));
            currentTarget.value = "";
          }}
        />
      </label>
    </p>
  );
}
