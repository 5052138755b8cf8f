import { goldenFiles, readGolden } from "./read-golden.ts";
import type { GoldenResult } from "./result.ts";

/** Runs one golden file, given its path without `.gz`. */
export type Runner = (path: string) => Promise<GoldenResult>;

/** A mapping that takes the parsed file. */
type Mapping = () => Promise<{ runFile(json: unknown): GoldenResult | Promise<GoldenResult> }>;

/** The mapping of each JSON file at the top of the folder: one line per file. */
const mappings: Readonly<Record<string, Mapping>> = {
  schedules: () => import("./schedules.ts"),
  ema_lr: () => import("./ema_lr.ts"),
  gaussian: () => import("./gaussian.ts"),
  samplers: () => import("./samplers.ts"),
  fid: () => import("./fid.ts"),
};

const parsed = (path: string): unknown => JSON.parse(new TextDecoder().decode(readGolden(path)));

/** Every JSON file of the folder, by its name in it, with what runs it, or nothing where no mapping is there. */
export function goldenRunners(): {
  readonly file: string;
  readonly run: (() => Promise<GoldenResult>) | undefined;
}[] {
  const name = (path: string) => path.split(/[\\/]/).at(-1)!;
  const top = goldenFiles(".").map((path) => {
    const mapping = mappings[name(path).replace(/\.json$/, "")];
    return { file: name(path), run: mapping && (async () => (await mapping()).runFile(parsed(path))) };
  });
  const networks = goldenFiles("unets").map((path) => ({
    file: `unets/${name(path)}`,
    run: async () => (await import("./unets.ts")).runFile(path),
  }));
  return [...top, ...networks];
}
