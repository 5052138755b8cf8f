import { fail } from "@ddpm/core";
import type { RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";

/** A requirement of the {@link RunStorage} contract, for any test runner. */
export interface StorageCheck {
  readonly name: string;
  /** @throws DdpmError where it does not hold */
  run(): Promise<void>;
}

/** Each promise, and what an empty storage has to do for it. */
const checks: Readonly<Record<string, (storage: RunStorage) => Promise<void>>> = {
  "a file that was written is read, byte for byte": async (storage) => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256);
    await storage.write("a/b/bytes", bytes);
    expectSame("bytes", [...((await storage.read("a/b/bytes")) ?? [])], [...bytes]);
    await storage.write("a/pieces", [bytes.slice(0, 7), new Uint8Array(), bytes.slice(7)]);
    expectSame("pieces", [...((await storage.read("a/pieces")) ?? [])], [...bytes]);
  },
  "a file that is written again holds the new content alone": async (storage) => {
    await storage.write("file", "long, longer, longest");
    await storage.write("file", "shört");
    expectSame("content", await readText(storage, "file"), "shört");
    expectSame("names", await storage.list(""), ["file"]);
  },
  "what does not exist reads as undefined and lists as nothing": async (storage) => {
    await storage.write("file", "x");
    const reads = await Promise.all(["none", "none/none", "file/none"].map((path) => storage.read(path)));
    expectSame("reads", reads, [undefined, undefined, undefined]);
    expectSame("names", await Promise.all(["none", "file"].map((path) => storage.list(path))), [[], []]);
  },
  "a folder lists its files and folders, sorted, without what is below": async (storage) => {
    for (const path of ["z", "run/b", "run/c/d/e", "run/a", "run/c/f"]) await storage.write(path, path);
    expectSame("names", await storage.list("run"), ["a", "b", "c"]);
    expectSame("names in the root", await storage.list(""), ["run", "z"]);
  },
  "removing takes a folder with all below, and nothing else": async (storage) => {
    for (const path of ["run/a", "run/b/c", "running"]) await storage.write(path, path);
    await storage.remove("run");
    await storage.remove("run");
    await storage.remove("none/none");
    expectSame("names", await storage.list(""), ["running"]);
  },
  "a renamed file replaces another": async (storage) => {
    await storage.write("run/old", "old");
    await storage.write("run/new", "new");
    await storage.rename("run/new", "run/old");
    expectSame("content", await readText(storage, "run/old"), "new");
    expectSame("names", await storage.list("run"), ["old"]);
  },
  "a renamed folder keeps all below": async (storage) => {
    for (const path of ["run/a/b", "run/a/c/d"]) await storage.write(path, path);
    await storage.rename("run/a", "run/z");
    expectSame("names", [await storage.list("run"), await storage.list("run/z")], [["z"], ["b", "c"]]);
    expectSame("content", await readText(storage, "run/z/c/d"), "run/a/c/d");
  },
  "renaming to a folder with something in it, or from nothing, is refused and changes nothing": async (
    storage,
  ) => {
    for (const path of ["run/a/b", "run/z/b"]) await storage.write(path, path);
    expectSame("refused", await refuses(() => storage.rename("run/a", "run/z")), true);
    expectSame("refused", await refuses(() => storage.rename("run/none", "run/y")), true);
    expectSame("content", await readText(storage, "run/z/b"), "run/z/b");
    expectSame("names", await storage.list("run"), ["a", "z"]);
  },
  "appending makes a file and adds to its end; shortening keeps its start": async (storage) => {
    await storage.append("run/log", "one\n");
    await storage.append("run/log", new TextEncoder().encode("two\n"));
    expectSame("content", await readText(storage, "run/log"), "one\ntwo\n");
    await storage.truncate("run/log", 4);
    await storage.append("run/log", "three\n");
    expectSame("content", await readText(storage, "run/log"), "one\nthree\n");
  },
  "the bytes that are read are a copy": async (storage) => {
    await storage.write("file", "abc");
    (await storage.read("file"))!.fill(0);
    expectSame("content", await readText(storage, "file"), "abc");
  },
};

/**
 * The requirements of every {@link RunStorage}.
 * Use: `for (const { name, run } of storageSuite(make)) test(name, run)`.
 *
 * @param make an empty storage; called once per check
 */
export function storageSuite(make: () => Promise<RunStorage> | RunStorage): readonly StorageCheck[] {
  return Object.entries(checks).map(([name, check]) => ({ name, run: async () => check(await make()) }));
}

async function refuses(work: () => Promise<void>): Promise<boolean> {
  return work().then(
    () => false,
    () => true,
  );
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  const [given, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  if (given !== wanted) fail("runs/storage-suite", `${what}: got ${given}, expected ${wanted}.`);
}
