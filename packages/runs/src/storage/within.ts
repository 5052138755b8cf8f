import { pathIn, placeOf, type RunStorage } from "./storage.ts";

/** A folder of a storage as a storage of its own. */
export function within(storage: RunStorage, folder: string): RunStorage {
  const below = (path: string): string => pathIn(folder, path);
  return {
    location: placeOf(storage, folder),
    read: (path) => storage.read(below(path)),
    write: (path, content) => storage.write(below(path), content),
    list: (path) => storage.list(below(path)),
    remove: (path) => storage.remove(below(path)),
    rename: (from, to) => storage.rename(below(from), below(to)),
    append: (path, content) => storage.append(below(path), content),
    truncate: (path, bytes) => storage.truncate(below(path), bytes),
    ...(storage.sha256 ? { sha256: storage.sha256 } : {}),
  };
}
