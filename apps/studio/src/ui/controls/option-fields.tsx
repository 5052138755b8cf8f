import { Choice } from "./choice.tsx";
import type { OptionField } from "./plugin-options.ts";
import { Slider } from "./slider.tsx";
import { Toggle } from "./toggle.tsx";

/** Controls for the options of a plugin. */
export interface OptionFieldsProps {
  readonly fields: readonly OptionField[];
  /** Options that were set; the others have their defaults. */
  readonly values: Readonly<Record<string, unknown>>;
  onChange(name: string, value: unknown): void;
}

export function OptionFields({ fields, values, onChange }: OptionFieldsProps) {
  return (
    <div class="options">
      {fields.map((field) => (
        <Field key={field.name} field={field} given={values[field.name]} onChange={onChange} />
      ))}
    </div>
  );
}

interface FieldProps extends Pick<OptionFieldsProps, "onChange"> {
  readonly field: OptionField;
  readonly given: unknown;
}

function Field({ field, given, onChange }: FieldProps) {
  const { name, about } = field;
  const common = { label: words(name), about };
  const set = (value: unknown): void => onChange(name, value);
  if (field.kind === "number") {
    const { min, max, whole, log } = field;
    const value = typeof given === "number" ? given : field.value;
    return <Slider {...{ ...common, value, min, max, log }} {...(whole ? { step: 1 } : {})} onInput={set} />;
  }
  if (field.kind === "choice") {
    const value = typeof given === "string" ? given : field.value;
    return <Choice {...common} value={value} options={field.options} onChange={set} />;
  }
  return <Toggle {...common} value={typeof given === "boolean" ? given : field.value} onChange={set} />;
}

/** `betaStart` → `beta start`. */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`);
}
