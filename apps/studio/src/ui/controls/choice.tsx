/** One of several, by name. */
export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (Value | { readonly value: Value; readonly label: string })[];
  readonly about?: string | undefined;
  onChange(value: Value): void;
}

export function Choice<Value extends string>({ label, value, options, about, onChange }: ChoiceProps<Value>) {
  return (
    <label class="field" title={about}>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}>
        {options.map((option) => {
          const { value, label } = typeof option === "string" ? { value: option, label: option } : option;
          return (
            <option key={value} value={value}>
              {label}
            </option>
          );
        })}
      </select>
    </label>
  );
}
