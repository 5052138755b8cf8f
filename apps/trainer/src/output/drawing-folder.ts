import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { makeFolder, writeFileAtomic } from "@ddpm/runs/node/authoring";

/** Everything that the pictures of a drawing depend on, as JSON: equal drawings give equal pictures. */
export type Drawing = Readonly<Record<string, unknown>>;

/** Says in a folder which drawing its pictures are of. */
const RECORD = "drawing.json";

/** Files that drawings write. */
const DRAWN = /^(\d+\.png|grid\.png|reverse\.gif|interpolated\.gif|noise\.safetensors)$/;

/** Most folders of one name. */
const MOST = 10_000;

/**
 * The folder that a drawing is written to. No folder ever holds files of two drawings: `out` is refused where it holds
 * files of another one; without it the folder is `base`, or `base-2`, `base-3` … where another drawing has those.
 *
 * @throws DdpmError for an `out` that is empty, a file, or has files of another drawing
 */
export async function drawingFolder(
  drawing: Drawing,
  { out, base }: { readonly out: string | undefined; readonly base: string },
): Promise<string> {
  if (out === undefined) {
    for (let number = 1; number <= MOST; number++) {
      const folder = number === 1 ? base : `${base}-${number}`;
      if ((await stateOf(folder, drawing)) !== "taken") return folder;
    }
    return fail(
      "cli/drawing-folder",
      `${base} and ${MOST - 1} more folders have other drawings.`,
      "Give --out.",
    );
  }
  if (out.trim() === "")
    fail("cli/drawing-folder", "--out is empty.", "Give the folder to write to, or leave --out out.");
  const state = await stateOf(out, drawing);
  if (state === "file")
    fail("cli/drawing-folder", `${out} is a file, expected a folder.`, "Give another --out.");
  if (state === "taken") {
    fail(
      "cli/drawing-folder",
      `${out} has pictures of another drawing.`,
      `Give another --out, or remove that folder; ${RECORD} in it says what was drawn.`,
    );
  }
  return out;
}

/** Makes the folder and says in it which drawing it is for: before the first picture is written. */
export async function beginDrawing(folder: string, drawing: Drawing): Promise<void> {
  await makeFolder(folder);
  await writeFileAtomic(join(folder, RECORD), textOf(drawing));
}

async function stateOf(folder: string, drawing: Drawing): Promise<"free" | "same" | "taken" | "file"> {
  if (!existsSync(folder)) return "free";
  if (!statSync(folder).isDirectory()) return "file";
  const record = join(folder, RECORD);
  if (existsSync(record)) return (await readFile(record, "utf8")) === textOf(drawing) ? "same" : "taken";
  return readdirSync(folder).some((name) => DRAWN.test(name)) ? "taken" : "free";
}

function textOf(drawing: Drawing): string {
  return `${JSON.stringify(drawing, null, 2)}\n`;
}
