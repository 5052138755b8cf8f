import { countOf } from "@ddpm/core/authoring";
import { notUsedInWords } from "@ddpm/data/authoring";
import { droppedFiles, givenFiles } from "@ddpm/data/browser";
import { useState } from "preact/hooks";
import { FailureNote } from "../../ui/failure-note.tsx";
import { PicturesRow } from "../../ui/pictures/pictures-row.tsx";
import { facts, files, problem, takeFiles } from "./data-files.ts";
import { FormatsList } from "./formats-list.tsx";
import { FromAddress } from "./from-address.tsx";

/** What to train on: the embedded shapes, files of the visitor, or a file from an address. */
export function DataChoice() {
  const [over, setOver] = useState(false);
  const taken = files.value;
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(takeFiles);
  };
  const hover = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const chosen = (list: FileList | null): void => {
    if (list && list.length > 0) takeFiles(givenFiles(list));
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
          {taken
            ? taken
                .map(({ path }) => path)
                .slice(0, 3)
                .join(", ")
            : "Embedded shapes"}
        </strong>
        {taken && taken.length > 3 ? ` and ${taken.length - 3} more` : ""}
      </p>
      {taken && <Facts />}
      <p class="row soft">
        <label class="button">
          Choose files
          <input type="file" multiple onChange={({ currentTarget }) => chosen(currentTarget.files)} />
        </label>
        {taken && (
          <button type="button" onClick={() => takeFiles(undefined)}>
            Use the embedded shapes
          </button>
        )}
        or drop files or a folder here. Nothing leaves this page.
      </p>
      <FormatsList />
      <FromAddress />
    </div>
  );
}

/** What is in the files, and some of it. */
function Facts() {
  const found = facts.value;
  if (problem.value) return <FailureNote error={problem.value} />;
  if (!found) return <p class="soft">Opening the files …</p>;
  const { count, side, channels, classes, notUsed, pictures } = found;
  const parts = [
    countOf(count, "image"),
    side === undefined || side === pictures.height
      ? `of ${pictures.height} × ${pictures.width}`
      : `of ${side} × ${side}, brought to ${pictures.height} × ${pictures.width},`,
    channels === 1 ? "in grey" : "",
    classes.length > 0 ? `in ${classes.length} ${classes.length === 1 ? "class" : "classes"}` : "",
  ];
  return (
    <>
      <p class="soft numbers">{parts.filter(Boolean).join(" ")}</p>
      {notUsed.length > 0 && (
        <p class="soft" title={notUsed.map(({ what, reason }) => `${what}: ${reason}`).join("\n")}>
          Not used: {notUsedInWords(notUsed)}
        </p>
      )}
      <PicturesRow pictures={pictures} columns={pictures.count} label="some of the images" />
    </>
  );
}
