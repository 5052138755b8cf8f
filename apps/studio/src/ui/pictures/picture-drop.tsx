import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface PictureDropProps {
  readonly children: ComponentChildren;
  onFile(file: File): void;
}

/** A place that takes a picture: dropped on it, chosen, or pasted anywhere on the page. */
export function PictureDrop({ children, onFile }: PictureDropProps) {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined): void => {
    const picture = Array.from(files ?? []).find(({ type }) => type.startsWith("image/"));
    if (picture) onFile(picture);
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => take(event.clipboardData?.files);
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
  const hover = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its keyboard counterpart in the file button
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
      <p class="row soft">
        <label class="button">
          Choose a picture
          <input type="file" accept="image/*" onChange={({ currentTarget }) => take(currentTarget.files)} />
        </label>
        or drop or paste one. It stays on this page.
      </p>
    </div>
  );
}
