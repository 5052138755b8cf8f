import { call } from "../../../engine/client.ts";
import type { ReadResult } from "../../../engine/jobs/weights/read-weights.ts";
import { uploadRun } from "../../../state/runs.ts";

/** What files were: a zipped run, which is stored now, or weights whose network is to be described. */
export type Given = { readonly run: string } | { readonly file: File; readonly read: ReadResult };

/**
 * Opens a zipped run, or a file of weights with the JSON files given with it.
 *
 * @throws for other files
 */
export async function openGiven(files: readonly File[]): Promise<Given> {
  const ending = (pattern: RegExp): File[] => files.filter(({ name }) => pattern.test(name));
  const [zip] = ending(/\.zip$/i);
  if (zip) return { run: (await uploadRun(zip)).id };
  const [file] = ending(/\.safetensors$/i);
  if (!file) throw new Error("Give a zipped run, or a .safetensors file, with its .json if there is one.");
  const configs = await Promise.all(ending(/\.json$/i).map((one) => one.text()));
  return { file, read: await call("readWeights", { name: file.name, file, configs }) };
}
