import type { GivenFile } from "@ddpm/data/browser";
import { readText } from "@ddpm/runs/authoring";
import { fetchedContent } from "./fetched.ts";
import { files as kept } from "./files.ts";

/** A file to train on: given by the visitor, or kept from an address under its hash. */
export type DataFile = GivenFile | { readonly path: string; readonly sha256: string };

/**
 * The files with their content.
 *
 * @throws when one that was kept is not there any more
 */
export function givenOf(files: readonly DataFile[]): Promise<GivenFile[]> {
  return Promise.all(
    files.map(async (file) => {
      if ("blob" in file) return file;
      const blob = await fetchedContent(file.sha256);
      if (!blob) throw new Error(`${file.path} is not kept here any more. Load it from its address again.`);
      return { path: file.path, blob };
    }),
  );
}

/** Stores the files that a run is trained on, so that it can resume after the page was closed; those stored already by name. */
export async function keepData(run: string, files: readonly DataFile[]): Promise<void> {
  const list = files.map((file) => ("blob" in file ? file.path : file));
  await kept.write(`data/${run}/paths.json`, JSON.stringify(list));
  for (const [i, file] of files.entries()) {
    if ("blob" in file) await kept.write(`data/${run}/${i}`, file.blob);
  }
}

/** The files that {@link keepData} kept; undefined where there are none, or not all. */
export async function keptData(run: string): Promise<GivenFile[] | undefined> {
  const text = await readText(kept, `data/${run}/paths.json`);
  if (text === undefined) return undefined;
  const list = JSON.parse(text) as readonly (string | Exclude<DataFile, GivenFile>)[];
  const files = await Promise.all(
    list.map(async (one, i) => {
      if (typeof one === "string") return { path: one, blob: await kept.file(`data/${run}/${i}`) };
      return { path: one.path, blob: await fetchedContent(one.sha256) };
    }),
  );
  const whole = files.flatMap(({ path, blob }) => (blob ? [{ path, blob }] : []));
  return whole.length === files.length ? whole : undefined;
}
