/** A file below a folder: its path and its bytes. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Folder = FileSystemDirectoryHandle;

/** The page's private file system; nothing else on the machine sees it, and it stays after the page is closed. */
function root(): Promise<Folder> {
  return navigator.storage.getDirectory();
}

async function folderOf(path: string, create: boolean): Promise<{ folder: Folder; name: string }> {
  const parts = path.split("/");
  const name = parts.pop()!;
  let folder = await root();
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return { folder, name };
}

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && ["NotFoundError", "TypeMismatchError"].includes(error.name);

/** Writes a file and its folders: a reader sees the old file or the new one, never half of it. */
export async function writeFile(
  path: string,
  content: string | Blob | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { folder, name } = await folderOf(path, true);
  const file = await folder.getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write(content);
  await stream.close();
}

/** The file at a path, or undefined. */
export async function readFile(path: string): Promise<File | undefined> {
  try {
    const { folder, name } = await folderOf(path, false);
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The text at a path, or undefined. */
export async function readText(path: string): Promise<string | undefined> {
  return (await readFile(path))?.text();
}

/** Removes a file or a whole folder, if it is there. */
export async function remove(path: string): Promise<void> {
  try {
    const { folder, name } = await folderOf(path, false);
    await folder.removeEntry(name, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Names in a folder, sorted; none where it is missing. */
export async function listNames(path: string): Promise<string[]> {
  try {
    const { folder, name } = await folderOf(path, false);
    const names: string[] = [];
    for await (const entry of (await folder.getDirectoryHandle(name)).keys()) names.push(entry);
    return names.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Every file below a folder, with paths relative to it. */
export async function* walk(path: string): AsyncGenerator<{ readonly path: string; readonly file: File }> {
  const { folder, name } = await folderOf(path, false);
  yield* below(await folder.getDirectoryHandle(name), "");
}

async function* below(folder: Folder, prefix: string): AsyncGenerator<{ path: string; file: File }> {
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === "file")
      yield { path: `${prefix}${name}`, file: await (handle as FileSystemFileHandle).getFile() };
    else yield* below(handle as Folder, `${prefix}${name}/`);
  }
}
