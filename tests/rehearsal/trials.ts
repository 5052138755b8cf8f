import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Consumer } from "./consumers/consumer.ts";
import { installedBelow } from "./installed.ts";
import { makeProject } from "./project.ts";
import type { Publication } from "./published.ts";
import type { PackageRegistry } from "./registry.ts";

/** What came of one consumer. */
export interface Trial {
  readonly name: string;
  /** Our packages that it installed. */
  readonly packages: ReadonlySet<string>;
  /** Why it failed. */
  readonly error?: string;
}

/** Tries consumers, two at a time, each in a fresh folder that is removed afterwards. */
export async function tryConsumers(
  consumers: readonly Consumer[],
  folder: string,
  registry: PackageRegistry,
  publications: readonly Publication[],
  report: (text: string) => void,
): Promise<Trial[]> {
  const left = [...consumers];
  const trials: Trial[] = [];
  const ours = new Set(publications.map(({ name }) => name));
  const next = async (): Promise<void> => {
    for (let consumer = left.shift(); consumer; consumer = left.shift()) {
      trials.push(await tryOne(consumer, folder, registry, ours, report));
    }
  };
  await Promise.all([next(), next()]);
  return trials;
}

async function tryOne(
  { name, run, fetches = [] }: Consumer,
  folder: string,
  registry: PackageRegistry,
  ours: ReadonlySet<string>,
  report: (text: string) => void,
): Promise<Trial> {
  const at = join(folder, "consumers", name);
  rmSync(at, { recursive: true, force: true });
  const project = makeProject(at, join(folder, "tree"), registry);
  const begun = Date.now();
  const took = (): string => `${Math.round((Date.now() - begun) / 1000)} s`;
  try {
    const seen = await run(project);
    report(`${name}: ${seen} (${took()})`);
    return { name, packages: installedBelow(at, ours, new Set(fetches)) };
  } catch (error) {
    const { message } = error as Error;
    report(`${name}: FAILED (${took()})\n${message}`);
    return { name, packages: new Set(), error: message };
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}
