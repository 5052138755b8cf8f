import type { FileHandle } from "node:fs/promises";
import * as promises from "node:fs/promises";
import type { Files } from "../../src/node/authoring.ts";

/** The machine's file system with a fault in it. */
export interface FaultyFiles {
  readonly files: Files;
  /** Operations that change something, so far. */
  count(): number;
}

/** A fault, given the number of the operation (1 for the first), its name and its path. */
export type Fault = (count: number, operation: string, path: string) => Error | undefined;

/** Every change of a file or folder asks `fault` first; a write that fails leaves half of itself behind. */
export function faultyFiles(fault: Fault): FaultyFiles {
  let count = 0;
  const check = (operation: string, path: string): void => {
    const error = fault(++count, operation, path);
    if (error) throw error;
  };
  const wrap = (handle: FileHandle, path: string): FileHandle =>
    new Proxy(handle, {
      get(target, key) {
        if (key === "writeFile") {
          return async (data: string | Uint8Array) => {
            try {
              check("write", path);
            } catch (error) {
              await target.writeFile(data.slice(0, data.length / 2));
              throw error;
            }
            await target.writeFile(data);
          };
        }
        if (key === "sync" || key === "truncate") {
          return async (...given: number[]) => {
            check(key, path);
            await (key === "sync" ? target.sync() : target.truncate(...given));
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const files = {
    ...promises,
    async open(path: string, flags: string) {
      if (flags !== "r") check("open", path);
      return wrap(await promises.open(path, flags), path);
    },
    async mkdir(path: string, options: object) {
      check("mkdir", path);
      return promises.mkdir(path, options);
    },
    async rename(from: string, to: string) {
      check("rename", to);
      return promises.rename(from, to);
    },
    async rm(path: string, options: object) {
      check("rm", path);
      return promises.rm(path, options);
    },
  };
  return { files: files as unknown as Files, count: () => count };
}

/** The error of a full disk. */
export function full(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}
