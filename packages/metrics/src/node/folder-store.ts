import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import type { Store } from "../features/store.ts";

/**
 * A {@link Store} in a folder, made when first written to. A file appears whole or not at all: temporary name, flush,
 * rename. Several processes may write the same name; the last one wins.
 *
 * @throws DdpmError for a name that is more than a plain file name
 */
export function folderStore(folder: string): Store {
  const pathOf = (name: string): string => {
    if (!/^[\w-][\w.-]*$/.test(name)) fail("metrics/store", `"${name}" is no plain file name.`);
    return join(folder, name);
  };
  return {
    async read(name) {
      try {
        return new Uint8Array(await readFile(pathOf(name)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    async write(name, bytes) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.${name}.${randomUUID()}.unfinished`);
      try {
        const handle = await open(temporary, "wx");
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
    },
  };
}
