/** A row of controls above a picture. */
export function controls(parent: HTMLElement): HTMLElement {
  const row = document.createElement("div");
  row.className = "picture-controls";
  parent.append(row);
  return row;
}

/** A slider with its label and value; returns how to read it. */
export function slider(
  row: HTMLElement,
  label: string,
  range: { readonly min: number; readonly max: number; readonly step: number; readonly value: number },
  changed: () => void,
): () => number {
  const input = Object.assign(document.createElement("input"), { type: "range" });
  for (const [name, value] of Object.entries(range)) input.setAttribute(name, String(value));
  input.value = String(range.value);
  const shown = document.createElement("output");
  const show = (): void => {
    shown.textContent = Number(input.value).toFixed(range.step < 1 ? 2 : 0);
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  row.append(labelled(label, input, shown));
  return () => Number(input.value);
}

/** A choice of one name among several; returns how to read it. */
export function choice(
  row: HTMLElement,
  label: string,
  names: readonly string[],
  changed: () => void,
): () => string {
  const select = document.createElement("select");
  select.append(...names.map((name) => new Option(name)));
  select.addEventListener("change", changed);
  row.append(labelled(label, select));
  return () => select.value;
}

/** Names that can be on or off; returns those that are on. */
export function switches(
  row: HTMLElement,
  names: readonly string[],
  on: readonly string[],
  changed: () => void,
): () => string[] {
  const boxes = names.map((name) => {
    const box = Object.assign(document.createElement("input"), {
      type: "checkbox",
      checked: on.includes(name),
    });
    box.addEventListener("change", changed);
    const { label, text } = { label: labelled("", box), text: document.createElement("span") };
    text.textContent = name;
    label.append(text);
    row.append(label);
    return { name, box, label };
  });
  return () => boxes.filter(({ box }) => box.checked).map(({ name }) => name);
}

function labelled(text: string, ...elements: HTMLElement[]): HTMLLabelElement {
  const label = document.createElement("label");
  if (text) label.append(`${text} `);
  label.append(...elements);
  return label;
}
