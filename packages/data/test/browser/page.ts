import { droppedFiles, givenFiles, type OpenFilesOptions, openFiles } from "../../src/browser/index.ts";
import { imageStream } from "../../src/index.ts";

/** What a test asks the page: files by path, in base64. */
export interface Question {
  readonly files: Readonly<Record<string, string>>;
  readonly options: object;
  /** Images to read, in order. */
  readonly count: number;
  /** Hand the files over as a drop with folders does. */
  readonly dropped?: boolean;
}

/** What the page found, or why not. */
export interface Found {
  readonly error?: string;
  readonly name?: string;
  readonly shape?: readonly number[];
  readonly classes?: readonly string[];
  readonly labels?: readonly number[];
  readonly length?: number;
  readonly fingerprint?: string;
  readonly bytes?: readonly number[];
}

async function answer({ files, options, count, dropped }: Question): Promise<Found> {
  try {
    const blobs = Object.entries(files).map(([path, text]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const file = new File([bytes], path.split("/").at(-1)!, { lastModified: 1 });
      return Object.assign(file, { path });
    });
    const given = dropped
      ? await droppedFiles({
          items: [{ kind: "file", getAsFile: () => null, webkitGetAsEntry: () => folder("set", blobs) }],
        })
      : blobs.length === 1
        ? givenFiles(blobs)
        : blobs.map((blob) => ({ path: blob.path, blob }));
    const set = await openFiles(given, options as OpenFilesOptions);
    const stream = imageStream(set, { seed: 0, shuffle: false, flip: false });
    const { data, labels } = await stream.read(0, count);
    return {
      name: set.name,
      shape: set.shape,
      ...(set.classes ? { classes: set.classes } : {}),
      ...(labels ? { labels: Array.from(labels) } : {}),
      length: set.length,
      fingerprint: set.fingerprint,
      bytes: Array.from(data, (value) => Math.round((value + 1) * 127.5)),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** A folder as a drop shows it, given out in two portions. */
function folder(name: string, files: readonly (File & { path: string })[]): object {
  const entries = files.map((blob) => ({
    isFile: true,
    name: blob.path.replaceAll("/", "-"),
    file: (done: (file: File) => void) => done(blob),
  }));
  return {
    isFile: false,
    name,
    createReader: () => ({ readEntries: (done: (some: object[]) => void) => done(entries.splice(0, 1)) }),
  };
}

Object.assign(globalThis, { answer });
