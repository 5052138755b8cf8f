import { samplers } from "@ddpm/diffusion";
import { useMemo } from "preact/hooks";
import { Adder } from "../../../ui/controls/adder.tsx";
import { OptionFields } from "../../../ui/controls/option-fields.tsx";
import { optionFields, pluginChoices } from "../../../ui/controls/plugin-options.ts";
import type { SampleSettings } from "../settings.ts";

type Chosen = SampleSettings["samplers"][number];

/** Samplers that encode images too: no noise is added, and the steps are known before. */
const DETERMINISTIC = new Set(
  pluginChoices.samplers.filter((name) => {
    const { order, adaptive } = samplers.create(name);
    return order > 0 && !adaptive;
  }),
);

/** Samplers side by side, at most. */
const MOST = 6;

export interface SamplerListProps {
  /** Only those that find the noise of a picture. */
  readonly deterministic: boolean;
  readonly chosen: readonly Chosen[];
  onChange(chosen: Chosen[]): void;
}

/** Samplers to put side by side, each with its options. */
export function SamplerList({ chosen, deterministic, onChange }: SamplerListProps) {
  const put = (index: number, sampler: Chosen): void =>
    onChange(chosen.map((old, i) => (i === index ? sampler : old)));
  return (
    <>
      {chosen.map((sampler, index) => (
        <SamplerEntry
          key={`${index}-${sampler.name}`}
          sampler={sampler}
          unsuited={deterministic && !DETERMINISTIC.has(sampler.name)}
          only={chosen.length === 1}
          onChange={(next) => put(index, next)}
          onRemove={() => onChange(chosen.filter((_, i) => i !== index))}
        />
      ))}
      <Adder
        what="a sampler …"
        names={pluginChoices.samplers.filter((name) => !deterministic || DETERMINISTIC.has(name))}
        disabled={chosen.length >= MOST}
        onAdd={(name) => onChange([...chosen, { name, options: {} }])}
      />
    </>
  );
}

interface SamplerEntryProps {
  readonly sampler: Chosen;
  readonly unsuited: boolean;
  readonly only: boolean;
  onChange(sampler: Chosen): void;
  onRemove(): void;
}

function SamplerEntry({ sampler, unsuited, only, onChange, onRemove }: SamplerEntryProps) {
  const { name, options } = sampler;
  const { about, source, schema } = samplers.get(name);
  const fields = useMemo(() => optionFields(schema), [schema]);
  return (
    <details class="entry">
      <summary>
        <strong>{name}</strong>
        <span class="soft">{unsuited ? "cannot interpolate: use ddim or dpm-2" : "options"}</span>
      </summary>
      <p class="soft">
        {about} <cite>{source}</cite>
      </p>
      <OptionFields
        fields={fields}
        values={options}
        onChange={(option, value) => onChange({ name, options: { ...options, [option]: value } })}
      />
      {!only && (
        <p class="row">
          <button type="button" onClick={onRemove}>
            Remove {name}
          </button>
        </p>
      )}
    </details>
  );
}
