import { schedules } from "@ddpm/schedules";
import { useMemo } from "preact/hooks";
import type { Made } from "../../model/schedule-entry.ts";
import { OptionFields } from "../../ui/controls/option-fields.tsx";
import { optionFields } from "../../ui/controls/plugin-options.ts";
import type { Entry } from "./settings.ts";

export interface EntryCardProps {
  readonly label: string;
  readonly entry: Entry;
  readonly made: Made;
  readonly colour: number;
  onChange(entry: Entry): void;
  onRemove(): void;
}

/** One schedule on the list: its colour, what it is, its options. */
export function EntryCard({ label, entry, made, colour, onChange, onRemove }: EntryCardProps) {
  const { name, options } = entry;
  const { about, source, schema } = schedules.get(name);
  const fields = useMemo(() => optionFields(schema), [schema]);
  const set = (option: string, value: unknown): void =>
    onChange({ name, options: { ...options, [option]: value } });
  return (
    <details class="entry">
      <summary>
        <span class={`swatch colour-${colour % 8}`} />
        <strong>{label}</strong>
        <span class="soft">options</span>
      </summary>
      <p class="soft">
        {about} <cite>{source}</cite>
      </p>
      <OptionFields fields={fields} values={options} onChange={set} />
      {made.problem && <p class="notice bad">{made.problem}</p>}
      <p class="row">
        <button type="button" onClick={onRemove}>
          Remove {label}
        </button>
      </p>
    </details>
  );
}
