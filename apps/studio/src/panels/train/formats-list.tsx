import { signal } from "@preact/signals";

interface KnownFormat {
  readonly name: string;
  readonly about: string;
}

const known = signal<readonly KnownFormat[]>([]);

async function loadFormats(): Promise<void> {
  const { formats } = await import("../../model/known-formats.ts");
  known.value = formats.plugins.map(({ name, about }) => ({ name, about }));
}

/** The formats that can be opened, from their registry, which is loaded when the list is opened. */
export function FormatsList() {
  return (
    <details onToggle={() => void loadFormats()}>
      <summary>Formats</summary>
      <ul class="soft">
        {known.value.map(({ name, about }) => (
          <li key={name}>
            <strong>{name}</strong>: {about}
          </li>
        ))}
      </ul>
    </details>
  );
}
