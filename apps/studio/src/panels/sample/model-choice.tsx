import { shippedModels } from "../../model/shipped.ts";
import { runs } from "../../state/runs.ts";
import { Choice } from "../../ui/choice.tsx";
import { SHIPPED } from "./use-model.ts";

export interface ModelChoiceProps {
  readonly value: string;
  onChange(value: string): void;
}

/** A model that comes with the page, or a run in this browser. */
export function ModelChoice({ value, onChange }: ModelChoiceProps) {
  const models = [
    ...shippedModels.map(({ name, about }) => ({ value: SHIPPED + name, label: `with the page: ${about}` })),
    ...(runs.value ?? [])
      .filter(({ images }) => images > 0)
      .map(({ id }) => ({ value: id, label: `run ${id}` })),
  ];
  const terms = shippedModels.find(({ name }) => SHIPPED + name === value)?.data;
  return (
    <>
      <Choice label="Model" value={value} options={models} onChange={onChange} />
      {terms && <p class="soft">{terms}</p>}
    </>
  );
}
