import { Environment, engine, version_core } from "@tensorflow/tfjs-core";

/**
 * Whether the process holds another copy of tfjs-core, loaded before the one that these packages use: a sentence that names
 * the version of ours and what to do, or undefined.
 *
 * All copies share the engine of the first one, and a backend that is registered with another engine is not found.
 */
export function coreCopies(): string | undefined {
  if (engine().ENV instanceof Environment) return undefined;
  return `two copies of tfjs-core: these packages use ${version_core}, and another copy was loaded before. Install one version for all: npm ls @tensorflow/tfjs-core shows who asks for which.`;
}
