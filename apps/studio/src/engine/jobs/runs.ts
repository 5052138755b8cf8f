import type { RunConfig } from "../../model/run-config.ts";
import type { Job } from "../protocol.ts";
import {
  imagesSeen,
  keptData,
  type LogRow,
  readConfig,
  readLog,
  removeRun,
  runNames,
} from "../store/runs.ts";

/** What the page shows of a run without opening it. */
export interface RunFacts {
  readonly id: string;
  readonly config: RunConfig;
  /** Images seen at its latest checkpoint. */
  readonly images: number;
  readonly log: readonly LogRow[];
  /** Its training images can be had here, so it can go on. */
  readonly resumable: boolean;
}

export async function factsOfRun(id: string): Promise<RunFacts> {
  const config = await readConfig(id);
  const images = await imagesSeen(id);
  const resumable = config.data.source === "shapes" || (await keptData(id)) !== undefined;
  return { id, config, images, log: await readLog(id, images), resumable };
}

/** All runs that can be read; damaged ones are left out. */
export const listRunsJob: Job<"runs.list"> = async () => {
  const facts = await Promise.all((await runNames()).map((id) => factsOfRun(id).catch(() => undefined)));
  return facts.filter((one) => one !== undefined);
};

export const removeRunJob: Job<"runs.remove"> = async (id) => {
  await removeRun(id);
  return null;
};
