import type { RunStorage } from "./storage.ts";

/** The text of a file; undefined where there is none. */
export async function readText(storage: RunStorage, path: string): Promise<string | undefined> {
  const bytes = await storage.read(path);
  return bytes && new TextDecoder().decode(bytes);
}
