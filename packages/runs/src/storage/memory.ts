import { fail } from "@ddpm/core";
import { bytesOf } from "./content.ts";
import type { RunStorage } from "./storage.ts";

/** A storage in memory: for tests, and for runs that need not outlive the program. */
export function memoryStorage(location = "memory"): RunStorage {
  const files = new Map<string, Uint8Array>();
  const isAt = (file: string, path: string): boolean => file === path || file.startsWith(`${path}/`);
  const at = (path: string): string[] => [...files.keys()].filter((file) => isAt(file, path));
  return {
    location,
    async read(path) {
      return files.get(path)?.slice();
    },
    async write(path, content) {
      files.set(path, bytesOf(content));
    },
    async list(folder) {
      const start = folder === "" ? "" : `${folder}/`;
      const below = [...files.keys()].filter((file) => file.startsWith(start));
      return [...new Set(below.map((file) => file.slice(start.length).split("/")[0]!))].sort();
    },
    async remove(path) {
      for (const file of at(path)) files.delete(file);
    },
    async rename(from, to) {
      const moved = at(from);
      if (moved.length === 0) fail("runs/memory", `there is no ${from} to rename.`);
      if (at(to).some((file) => file !== to)) fail("runs/memory", `${to} is a folder that is not empty.`);
      for (const file of moved) {
        files.set(`${to}${file.slice(from.length)}`, files.get(file)!);
        files.delete(file);
      }
    },
    async append(path, content) {
      files.set(path, bytesOf([files.get(path) ?? new Uint8Array(), bytesOf(content)]));
    },
    async truncate(path, bytes) {
      files.set(path, (files.get(path) ?? fail("runs/memory", `there is no ${path}.`)).slice(0, bytes));
    },
  };
}
