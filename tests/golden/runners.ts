import { relative, sep } from "node:path";
import { goldenFolder, readGolden } from "./read-golden.ts";
import { failedCase, type GoldenResult, isRecord, kindOf, summarise, thrownCase } from "./result.ts";

/** A mapping that takes the parsed file. */
interface Mapping {
  /** Members that only files of this format have. */
  readonly members: readonly string[];
  readonly load: () => Promise<{ runFile(json: unknown): GoldenResult | Promise<GoldenResult> }>;
}

/** The formats of JSON files that hold lists of cases: one line each. */
const mappings: Readonly<Record<string, Mapping>> = {
  schedules: {
    members: [
      "seed_tables",
      "log_snr",
      "sigma_ladders",
      "diffusers_timesteps",
      "space_timesteps",
      "time_embeddings",
    ],
    load: () => import("./schedules.ts"),
  },
  ema_lr: {
    members: ["ema_pytorch", "diffusers_EMAModel", "lr_diffusers", "lr_torch", "optimizers", "functional"],
    load: () => import("./ema_lr.ts"),
  },
  gaussian: {
    members: ["main", "distributions", "bpd_loop", "seed_sources", "guidance", "edm_losses"],
    load: () => import("./gaussian.ts"),
  },
  samplers: { members: ["alphas_cumprod_tables", "noises"], load: () => import("./samplers.ts") },
  fid: { members: [], load: () => import("./fid.ts") },
};

/** The name that a report gives a file: its place in the golden folder, or its path as it was given. */
export function nameOf(path: string): string {
  const place = relative(goldenFolder, path);
  return place.startsWith("..") ? path : place.split(sep).join("/");
}

/** Runs one golden file, given its path without `.gz`. It never throws: a file that cannot be read is one failed case. */
export async function runGolden(path: string): Promise<GoldenResult> {
  const file = nameOf(path);
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(readGolden(path)));
    if (!isRecord(json)) return summarise([failedCase(file, `expected a JSON object, got ${kindOf(json)}`)]);
    return counted(file, await runOf(path, json));
  } catch (error) {
    return summarise([thrownCase(file, error)]);
  }
}

async function runOf(path: string, json: Readonly<Record<string, unknown>>): Promise<GoldenResult> {
  const mapping = mappingOf(path, json);
  if (mapping) return (await mapping.load()).runFile(json);
  const folder = path.split(/[\\/]/).at(-2) ?? "";
  const runner = folders.get(folder);
  if (runner) return (await runner()).runFile(path);
  if (folder === "unets" || ("state_dict" in json && "constructor" in json && !foreign.has(folder)))
    return (await import("./unets.ts")).runFile(path);
  const kind = foreign.has(folder) ? `files of ${folder}/` : "this format";
  return summarise([{ id: nameOf(path), reason: `no mapping reads ${kind}` }]);
}

/** Folders whose files have a format of their own. */
const folders: ReadonlyMap<string, () => Promise<{ runFile(path: string): Promise<GoldenResult> }>> = new Map(
  [
    ["autoencoders", () => import("./autoencoders.ts")],
    ["text", () => import("./text.ts")],
    ["pipelines", () => import("./pipelines.ts")],
    ["points", () => import("./points.ts")],
    ["unets-1d", () => import("./unets-1d.ts")],
    ["unets-conditional", () => import("./unets.ts")],
  ],
);

/** Folders of other formats, which other tests read. */
const foreign: ReadonlySet<string> = new Set(["few-step", "transformers"]);

/** By the members that a file has, where they belong to one format only, else by its name. */
function mappingOf(path: string, json: Readonly<Record<string, unknown>>): Mapping | undefined {
  const folder = path.split(/[\\/]/).at(-2) ?? "";
  if (folder === "unets" || folders.has(folder) || foreign.has(folder)) return undefined;
  const name = path.split(/[\\/]/).at(-1)!;
  const byName = Object.entries(mappings).find(([format]) => name.startsWith(format))?.[1];
  const byMembers = Object.values(mappings).filter(({ members }) => members.some((member) => member in json));
  if (byMembers.length === 1) return byMembers[0];
  return byName ?? (holdsFeatures(json) ? mappings.fid : undefined);
}

function holdsFeatures({ cases }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(cases) && cases.some((entry) => isRecord(entry) && "features_1_generated" in entry);
}

/** A file of which nothing was counted has failed. */
function counted(file: string, result: GoldenResult): GoldenResult {
  const { passed, failed, unsupported } = result;
  if (passed + failed + unsupported.length > 0) return result;
  return summarise([failedCase(file, "the file holds no case")]);
}
