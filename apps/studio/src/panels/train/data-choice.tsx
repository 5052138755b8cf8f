import { droppedFiles, type GivenFile, givenFiles } from "@ddpm/data/browser";
import { useState } from "preact/hooks";

export interface DataChoiceProps {
  /** Files to train on; undefined stands for the embedded shapes. */
  readonly files: readonly GivenFile[] | undefined;
  onFiles(files: readonly GivenFile[] | undefined): void;
}

/** What to train on: the embedded shapes, or files of one's own. */
export function DataChoice({ files, onFiles }: DataChoiceProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
  };
  const hover = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const chosen = (list: FileList | null): void => {
    if (list && list.length > 0) onFiles(givenFiles(list));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has its keyboard counterpart in the file button
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>
        <strong>
          {files ? `${files.length} ${files.length === 1 ? "file" : "files"} of yours` : "Embedded shapes"}
        </strong>
      </p>
      <p class="row soft">
        <label class="button">
          Choose files
          <input type="file" multiple onChange={({ currentTarget }) => chosen(currentTarget.files)} />
        </label>
        {files && (
          <button type="button" onClick={() => onFiles(undefined)}>
            Back to the shapes
          </button>
        )}
        or drop a folder of pictures, a ZIP, IDX, CIFAR, NumPy or Parquet. Nothing leaves this page.
      </p>
    </div>
  );
}
