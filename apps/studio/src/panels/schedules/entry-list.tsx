import { Adder } from "../../ui/controls/adder.tsx";
import { pluginChoices } from "../../ui/controls/plugin-options.ts";
import { EntryCard } from "./entry-card.tsx";
import type { Entry } from "./settings.ts";
import type { Shown } from "./shown.ts";

export interface EntryListProps {
  readonly entries: readonly Entry[];
  /** The same, with what was made of them. */
  readonly shown: readonly Shown[];
  onChange(entries: Entry[]): void;
}

/** Schedules to compare: each with its options, and one more to add. */
export function EntryList({ entries, shown, onChange }: EntryListProps) {
  return (
    <>
      {shown.map(({ label, made, colour }, index) => (
        <EntryCard
          key={`${index}-${entries[index]!.name}`}
          {...{ label, made, colour }}
          entry={entries[index]!}
          onChange={(entry) => onChange(entries.map((old, i) => (i === index ? entry : old)))}
          onRemove={() => onChange(entries.filter((_, i) => i !== index))}
        />
      ))}
      <Adder
        what="a schedule …"
        names={pluginChoices.schedules}
        onAdd={(name) => onChange([...entries, { name, options: {} }])}
      />
    </>
  );
}
