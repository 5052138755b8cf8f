import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { DataFacts } from "../../engine/jobs/data/inspect-data.ts";
import type { DataFile } from "../../engine/store/data-files.ts";
import type { FetchedFile } from "../../engine/store/fetched.ts";
import { change } from "../../state/settings.ts";
import { settings } from "./settings.ts";

/** Files to train on; undefined stands for the embedded shapes. */
export const files = signal<readonly DataFile[] | undefined>(undefined);
/** What is in them, once they were opened. */
export const facts = signal<DataFacts | undefined>(undefined);
/** Why they cannot be trained on. */
export const problem = signal<unknown>(undefined);

/** Addresses of files that were loaded, by their hash. */
const origins = new Map<string, string>();
let asked = 0;

/** Sides of arrays that a network is made for, from and to. */
const SIDES = [8, 64] as const;

/** Files that make a set together with others: images and labels, batches, shards. */
const PART = /\.(bin|parquet)$|[-.]idx\d/i;

/** Takes files in place of those before. */
export function takeFiles(list: readonly DataFile[] | undefined): void {
  batch(() => {
    files.value = list;
    facts.value = undefined;
    problem.value = undefined;
  });
  if (list) void look(true);
}

/** Takes a file that was loaded from an address, with those loaded before where these are parts of one set. */
export function addFetched({ sha256, name, url }: FetchedFile): void {
  origins.set(sha256, url);
  const others = (files.peek() ?? []).filter(
    (file) => "sha256" in file && file.path !== name && PART.test(name) && PART.test(file.path),
  );
  takeFiles([...others, { path: name, sha256 }]);
}

/** Opens the files again, at the size that is set now. */
export function lookAgain(): void {
  if (files.peek() && facts.peek()?.pictures.height !== settings.peek().size) void look(false);
}

/** Where the files were loaded from, for the run's configuration. */
export function originOf(list: readonly DataFile[]): string | undefined {
  const known = list.flatMap((file) => {
    const url = "sha256" in file ? origins.get(file.sha256) : undefined;
    return url && "sha256" in file ? [`${url} (SHA-256 ${file.sha256})`] : [];
  });
  return known.length > 0 ? known.join(", ") : undefined;
}

/** @param fresh arrays then set the side of the images to their own */
async function look(fresh: boolean): Promise<void> {
  const own = ++asked;
  const { size } = settings.peek();
  try {
    const found = await call("inspectData", { files: files.peek()!, size, ...(fresh ? { own: SIDES } : {}) });
    if (own !== asked) return;
    batch(() => {
      const { height } = found.pictures;
      if (height !== size) change(settings, { size: height });
      facts.value = found;
      problem.value = undefined;
    });
  } catch (error) {
    if (own === asked) problem.value = error;
  }
}
