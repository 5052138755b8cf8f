/** A folder or file as the File System Standard has it (https://fs.spec.whatwg.org), in memory, as far as OPFS is used. */
type Entry = FileSystemDirectoryHandle | FileSystemFileHandle;

type Part = Blob | Uint8Array<ArrayBuffer>;

const refuse = (name: string): never => {
  throw new DOMException(name, name);
};

/** An empty folder of the origin private file system, in memory. */
export function directory(): FileSystemDirectoryHandle {
  const entries = new Map<string, Entry>();
  const get = <Kind extends Entry>(
    name: string,
    kind: Kind["kind"],
    make: (() => Kind) | undefined,
  ): Kind => {
    if (name === "") throw new TypeError("a name is empty");
    if (!entries.has(name)) entries.set(name, make ? make() : refuse("NotFoundError"));
    const found = entries.get(name)!;
    return found.kind === kind ? (found as Kind) : refuse("TypeMismatchError");
  };
  const folder = {
    kind: "directory",
    async getDirectoryHandle(name: string, { create = false } = {}) {
      return get<FileSystemDirectoryHandle>(name, "directory", create ? directory : undefined);
    },
    async getFileHandle(name: string, { create = false } = {}) {
      return get<FileSystemFileHandle>(name, "file", create ? () => fileHandle(name) : undefined);
    },
    async removeEntry(name: string) {
      if (!entries.delete(name)) refuse("NotFoundError");
    },
    keys: async function* () {
      yield* [...entries.keys()].reverse();
    },
    entries: async function* () {
      yield* [...entries];
    },
  };
  return folder as unknown as FileSystemDirectoryHandle;
}

function fileHandle(name: string): FileSystemFileHandle {
  let content = new Blob([]);
  const handle = {
    kind: "file",
    getFile: async () => new File([content], name),
    async createWritable({ keepExistingData = false } = {}) {
      let draft = keepExistingData ? content : new Blob([]);
      return {
        async write(data: Part | { readonly position: number; readonly data: Part }) {
          const { position, data: part } = "position" in data ? data : { position: 0, data };
          const added = new Blob([part]);
          draft = new Blob([draft.slice(0, position), added, draft.slice(position + added.size)]);
        },
        async truncate(size: number) {
          draft = draft.slice(0, size);
        },
        async abort() {},
        async close() {
          content = draft;
        },
      };
    },
  };
  return handle as unknown as FileSystemFileHandle;
}
