import { embeddedSets } from "@ddpm/data";
import type { RunConfig } from "@ddpm/runs";
import { readRunConfig } from "@ddpm/runs/authoring";
import type { Job } from "../../job.ts";
import { keptData } from "../../store/data-files.ts";
import { deleteRun, imagesSeen, runNames, runStorage } from "../../store/runs.ts";

/** What the page shows of a run without opening it. */
export interface RunFacts {
  readonly id: string;
  readonly config: RunConfig;
  /** Images seen at its latest checkpoint. */
  readonly images: number;
  /** Why it cannot be trained further here; undefined where it can. */
  readonly hindrance?: string;
}

export async function factsOfRun(id: string): Promise<RunFacts> {
  const config = await readRunConfig(runStorage(id));
  const images = await imagesSeen(id);
  const hindrance = await hindranceOf(id, config);
  return { id, config, images, ...(hindrance === undefined ? {} : { hindrance }) };
}

/** What the `ddpm` command can do in training, and this page cannot, or does not have. */
async function hindranceOf(id: string, { data, train, ...config }: RunConfig): Promise<string | undefined> {
  const isSet = (value: unknown): boolean =>
    Array.isArray(value) ? value.length > 0 : (value ?? null) !== null;
  const settings = {
    condition: config.condition,
    "train.groups": train.groups,
    "train.freeze": train.freeze,
    "train.earlyStop": train.earlyStop,
  };
  const [unknown] = Object.entries(settings).find(([, value]) => isSet(value)) ?? [];
  if (unknown) return `It uses ${unknown}, which only the ddpm command knows.`;
  const here = embeddedSets.names.includes(data.source) || (await keptData(id)) !== undefined;
  return here ? undefined : "Its training images are not here.";
}

/** All runs that can be read; damaged ones are left out. */
export const listRuns: Job<null, readonly RunFacts[]> = async () => {
  const facts = await Promise.all((await runNames()).map((id) => factsOfRun(id).catch(() => undefined)));
  return facts.filter((one) => one !== undefined);
};

/** Removes a run with its data. */
export const removeRun: Job<string, null> = async (id) => {
  await deleteRun(id);
  return null;
};
