/** A file and where it was found, with `/` between names. */
export interface GivenFile {
  readonly path: string;
  readonly blob: Blob;
}

/** What is used of a browser's `File`. */
type NamedBlob = Blob & { readonly name: string; readonly webkitRelativePath?: string };

/** What is used of a `DataTransfer`. */
interface Dropped {
  readonly items: ArrayLike<{
    readonly kind: string;
    webkitGetAsEntry?(): unknown;
    getAsFile(): NamedBlob | null;
  }>;
}

/** What is used of a `FileSystemEntry`. */
interface Entry {
  readonly isFile: boolean;
  readonly name: string;
  file?(done: (file: NamedBlob) => void, failed: (error: unknown) => void): void;
  createReader?(): { readEntries(done: (entries: Entry[]) => void, failed: (error: unknown) => void): void };
}

/**
 * The files of an `<input type="file">` (with `webkitdirectory` for folders), of a list, or a single one.
 *
 * @param given a `FileList`, an array of `File`s, or one `File`
 */
export function givenFiles(given: NamedBlob | ArrayLike<NamedBlob>): GivenFile[] {
  const files = "length" in given ? Array.from(given) : [given];
  return files.map((blob) => ({ path: blob.webkitRelativePath || blob.name, blob }));
}

/**
 * The files of what was dropped onto a page, folders included, at any depth. To be called in the event's handler: what
 * was dropped is gone afterwards.
 *
 * @param transfer the event's `dataTransfer`
 */
export async function droppedFiles(transfer: Dropped): Promise<GivenFile[]> {
  const items = Array.from(transfer.items).filter(({ kind }) => kind === "file");
  const entries = items.map((item) => (item.webkitGetAsEntry?.() ?? null) as Entry | null);
  const files = items.map((item) => item.getAsFile());
  const found = await Promise.all(
    entries.map(async (entry, i) => {
      const file = files[i];
      if (entry) return below(entry, "");
      return file ? [{ path: file.name, blob: file }] : [];
    }),
  );
  return found.flat();
}

async function below(entry: Entry, folder: string): Promise<GivenFile[]> {
  const path = folder ? `${folder}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const blob = await new Promise<NamedBlob>((done, failed) => entry.file!(done, failed));
    return [{ path, blob }];
  }
  const reader = entry.createReader!();
  const inside: Entry[] = [];
  // A reader gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<Entry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map((one) => below(one, path)))).flat();
}
