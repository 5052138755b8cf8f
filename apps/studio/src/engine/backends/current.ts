import { type Chosen, choose } from "./choose.ts";
import type { BackendChoice } from "./names.ts";

let wanted: BackendChoice = "auto";
let chosen: Promise<Chosen> | undefined;

/** The backend of this worker, started when it is first needed. */
export function currentBackend(): Promise<Chosen> {
  chosen ??= choose(wanted);
  return chosen;
}

/** Chooses the backend; a worker has one for life, so that no tensor is left on another. */
export function chooseBackend(choice: BackendChoice): Promise<Chosen> {
  if (!chosen) wanted = choice;
  return currentBackend();
}

/** Waits for a backend that is being started; whether it works is for those to say who compute with it. */
export async function backendAtRest(): Promise<void> {
  await chosen?.catch(() => {});
}

/** @throws when the device has failed since: its results would be zeros */
export function checkDevice({ backend }: Chosen): void {
  const trouble = backend.trouble?.();
  if (trouble) throw new Error(`${trouble} What was computed since cannot be trusted.`);
}
