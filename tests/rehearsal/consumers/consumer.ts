import type { Project } from "../project.ts";

/** A kind of project that uses the packages. */
export interface Consumer {
  readonly name: string;
  /** Part of the rehearsal where nothing else is asked for. */
  readonly usual: boolean;
  /** Our packages that it fetches by `npx`, which are in no folder of its own. */
  readonly fetches?: readonly string[];
  /** Installs, runs, and checks. @returns what was seen, one line @throws where it does not work */
  run(project: Project): Promise<string>;
}

/** Throws a sentence where something does not hold. */
export function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}
