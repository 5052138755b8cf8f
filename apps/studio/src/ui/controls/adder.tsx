/** A list of names, one of which is added when it is chosen. */
export interface AdderProps {
  /** What is added: `a schedule …`. */
  readonly what: string;
  readonly names: readonly string[];
  readonly disabled?: boolean;
  onAdd(name: string): void;
}

export function Adder({ what, names, disabled = false, onAdd }: AdderProps) {
  return (
    <label class="field entry">
      <span>Add</span>
      <select
        value=""
        disabled={disabled}
        onChange={({ currentTarget }) => {
          onAdd(currentTarget.value);
          currentTarget.value = "";
        }}
      >
        <option value="" disabled>
          {what}
        </option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
