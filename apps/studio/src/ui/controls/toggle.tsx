/** Yes or no. */
export interface ToggleProps {
  readonly label: string;
  readonly value: boolean;
  readonly about?: string | undefined;
  onChange(value: boolean): void;
}

export function Toggle({ label, value, about, onChange }: ToggleProps) {
  return (
    <label class="toggle" title={about}>
      <input
        type="checkbox"
        checked={value}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {label}
    </label>
  );
}
