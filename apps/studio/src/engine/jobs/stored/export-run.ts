import { type Zippable, zipSync } from "fflate";
import type { Job } from "../../job.ts";
import { files as stored } from "../../store/files.ts";

export interface ExportInput {
  readonly run: string;
}

/** A file for the visitor. */
export interface Exported {
  readonly name: string;
  readonly blob: Blob;
}

/** A run folder as a ZIP: unpacked, it is what `ddpm sample` and `ddpm train --resume` take. */
export const exportRun: Job<ExportInput, Exported> = async ({ run }) => {
  const files: Zippable = {};
  for await (const { path, file } of stored.filesBelow(`runs/${run}`)) {
    files[`${run}/${path}`] = new Uint8Array(await file.arrayBuffer());
  }
  // Weights look like noise: compressing them takes time and gains little.
  const zip = zipSync(files, { level: 0 });
  return {
    name: `${run}.zip`,
    blob: new Blob([zip as Uint8Array<ArrayBuffer>], { type: "application/zip" }),
  };
};
