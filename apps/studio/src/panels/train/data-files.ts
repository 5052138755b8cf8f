import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { DataFacts } from "../../engine/jobs/look.ts";
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

/** Takes files in place of those before. */
export function takeFiles(list: readonly DataFile[] | undefined): void {
  batch(() => {
    files.value = list;
    facts.value = undefined;
    problem.value = undefined;
  });
  if (list) void look(true);
}

/** Adds a file that was loaded from an address: images and labels may come in two. */
export function addFetched({ sha256, name, url }: FetchedFile): void {
  origins.set(sha256, url);
  const others = (files.peek() ?? []).filter((file) => "sha256" in file && file.path !== name);
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
    const found = await call("data.look", { files: files.peek()!, size });
    if (own !== asked) return;
    const { side } = found;
    if (fresh && side !== undefined && side >= 8 && side <= 64) {
      change(settings, { size: side });
      return look(false);
    }
    batch(() => {
      facts.value = found;
      problem.value = undefined;
    });
  } catch (error) {
    if (own === asked) problem.value = error;
  }
}
