import { useState } from "preact/hooks";
import { call } from "../../../engine/client.ts";
import type { ReadResult } from "../../../engine/jobs/weights/read-weights.ts";
import { shippedModels } from "../../../model/shipped/shipped.ts";
import { runs, uploadRun } from "../../../state/runs.ts";
import { Choice } from "../../../ui/controls/choice.tsx";
import { FailureNote } from "../../../ui/failure-note.tsx";
import { SHIPPED } from "./use-model.ts";
import { WeightsForm } from "./weights-form.tsx";

export interface ModelChoiceProps {
  readonly value: string;
  onChange(value: string): void;
}

/** A model that comes with the page, a run in this browser, or a file of weights that becomes one. */
export function ModelChoice({ value, onChange }: ModelChoiceProps) {
  const models = [
    ...shippedModels.map(({ name, title }) => ({ value: SHIPPED + name, label: title })),
    ...(runs.value ?? [])
      .filter(({ images, config }) => images > 0 || config.data.source === "imported")
      .map(({ id }) => ({ value: id, label: `run ${id}` })),
  ];
  const [given, setGiven] = useState<{ readonly file: File; readonly read: ReadResult }>();
  const [error, setError] = useState<unknown>();
  const take = async (files: readonly File[]): Promise<void> => {
    setError(undefined);
    try {
      const zip = files.find(({ name }) => /\.zip$/i.test(name));
      if (zip) {
        onChange((await uploadRun(zip)).id);
        return;
      }
      const file = files.find(({ name }) => /\.safetensors$/i.test(name));
      if (!file) {
        throw new Error("Give a zipped run, or a .safetensors file, with its .json if there is one.");
      }
      const texts = files.filter(({ name }) => /\.json$/i.test(name)).map((one) => one.text());
      const read = await call("readWeights", { name: file.name, file, configs: await Promise.all(texts) });
      setGiven({ file, read });
    } catch (problem) {
      setError(problem);
    }
  };
  const shipped = shippedModels.find(({ name }) => SHIPPED + name === value);
  return (
    <>
      <Choice label="Model" value={value} options={models} onChange={onChange} />
      {shipped && <p class="soft">{shipped.about}</p>}
      <p class="row" title="A run folder, zipped, or a .safetensors file, with its .json if there is one">
        <label class="button">
          Open a run or weights
          <input
            type="file"
            accept=".safetensors,.json,.zip"
            multiple
            onChange={({ currentTarget }) => {
              void take(Array.from(currentTarget.files ?? []));
              currentTarget.value = "";
            }}
          />
        </label>
      </p>
      <FailureNote error={error} />
      {given && (
        <WeightsForm
          key={`${given.file.name}-${given.file.lastModified}`}
          {...given}
          onMade={(run) => {
            setGiven(undefined);
            onChange(run);
          }}
          onClose={() => setGiven(undefined)}
        />
      )}
    </>
  );
}
