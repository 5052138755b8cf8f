import { fail } from "@ddpm/core";
import { bytesOf } from "../storage/content.ts";
import type { FileContent, RunStorage } from "../storage/storage.ts";

type Folder = FileSystemDirectoryHandle;

/** A file below a folder. */
export interface StoredFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly file: File;
}

/** {@link opfsStorage}, which also takes and gives files without reading them into memory. */
export interface OpfsStorage extends RunStorage {
  write(path: string, content: FileContent | Blob): Promise<void>;
  /** A file whose bytes are read when they are needed; undefined where there is none. */
  file(path: string): Promise<File | undefined>;
  /** Every file below a folder. */
  filesBelow(folder: string): AsyncGenerator<StoredFile>;
}

/**
 * The origin private file system of a page as a storage: other pages do not see it, and it stays when the page is closed.
 * Renaming a folder copies its files one by one.
 *
 * @param open the root; default: the whole private file system
 */
export function opfsStorage(
  open: () => Promise<Folder> = () => navigator.storage.getDirectory(),
): OpfsStorage {
  const file = async (path: string): Promise<File> => {
    const { folder, name } = await parentOf(open, path);
    return (await folder.getFileHandle(name)).getFile();
  };
  const storage: OpfsStorage = {
    location: "",
    file: (path) => file(path).catch(missing(undefined)),
    async read(path) {
      const found = await storage.file(path);
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async write(path, content) {
      const data = content instanceof Blob ? content : bytesOf(content);
      await change(open, path, CREATED, (stream) => stream.write(data));
    },
    list: (path) => folderAt(open, path).then(namesIn).catch(missing<string[]>([])),
    async remove(path) {
      await parentOf(open, path)
        .then(({ folder, name }) => folder.removeEntry(name, { recursive: true }))
        .catch(missing(undefined));
    },
    async rename(from, to) {
      const moved = await storage.file(from);
      if (moved) await storage.write(to, moved);
      else await moveFolder(storage, from, to);
      await storage.remove(from);
    },
    async append(path, content) {
      const data = bytesOf(content);
      await change(open, path, { ...CREATED, keep: true }, (stream, position) =>
        stream.write({ type: "write", position, data }),
      );
    },
    async truncate(path, bytes) {
      await change(open, path, { create: false, keep: true }, (stream) => stream.truncate(bytes));
    },
    async *filesBelow(folder) {
      yield* below(await folderAt(open, folder), "");
    },
  };
  return storage;
}

const CREATED = { create: true, keep: false };

async function folderAt(open: () => Promise<Folder>, path: string, create = false): Promise<Folder> {
  let folder = await open();
  for (const name of path.split("/").filter(Boolean)) {
    folder = await folder.getDirectoryHandle(name, { create });
  }
  return folder;
}

async function parentOf(
  open: () => Promise<Folder>,
  path: string,
  create = false,
): Promise<{ readonly folder: Folder; readonly name: string }> {
  const end = path.lastIndexOf("/");
  const folder = await folderAt(open, path.slice(0, Math.max(end, 0)), create);
  return { folder, name: path.slice(end + 1) };
}

/** Changes a file: all of it when the stream is closed, or nothing. */
async function change(
  open: () => Promise<Folder>,
  path: string,
  { create, keep }: typeof CREATED,
  work: (stream: FileSystemWritableFileStream, bytes: number) => Promise<void>,
): Promise<void> {
  const { folder, name } = await parentOf(open, path, create);
  const handle = await folder.getFileHandle(name, { create });
  const stream = await handle.createWritable({ keepExistingData: keep });
  try {
    await work(stream, (await handle.getFile()).size);
  } catch (error) {
    await stream.abort();
    throw error;
  }
  await stream.close();
}

async function moveFolder(storage: OpfsStorage, from: string, to: string): Promise<void> {
  if ((await storage.list(to)).length > 0) fail("runs/opfs", `${to} is a folder that is not empty.`);
  for await (const { path, file } of storage.filesBelow(from)) await storage.write(`${to}/${path}`, file);
}

async function namesIn(folder: Folder): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.sort();
}

/** What a folder holds; TypeScript's own types leave out that a handle is one of the two. */
type Entries = AsyncIterable<[name: string, handle: FileSystemFileHandle | Folder]>;

async function* below(folder: Folder, start: string): AsyncGenerator<StoredFile> {
  for await (const [name, handle] of folder.entries() as Entries) {
    if (handle.kind === "file") yield { path: `${start}${name}`, file: await handle.getFile() };
    else yield* below(handle, `${start}${name}/`);
  }
}

function missing<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof DOMException && ["NotFoundError", "TypeMismatchError"].includes(error.name))
      return value;
    throw error;
  };
}
