import type { Failure } from "../failure.ts";
import { type Chosen, choose } from "./choose.ts";
import { DEVICE_ADVICE } from "./device-advice.ts";
import type { BackendChoice } from "./names.ts";

let wanted: BackendChoice = "auto";
let chosen: Promise<Chosen> | undefined;
let started: Chosen | undefined;

/** The backend of this worker, started when it is first needed. */
export function currentBackend(): Promise<Chosen> {
  chosen ??= choose(wanted).then((one) => {
    started = one;
    return one;
  });
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

/** @throws when the device has failed since: its results would be zeros; {@link deviceFailure} says how */
export function checkDevice({ backend }: Chosen): void {
  const trouble = backend.trouble?.();
  if (trouble) throw new Error(trouble);
}

/** What has happened to the device of this worker, which then has no other; undefined while all is well. */
export function deviceFailure(): Failure | undefined {
  const trouble = started?.backend.trouble?.();
  if (!trouble) return undefined;
  const sentence = trouble.charAt(0).toUpperCase() + trouble.slice(1);
  return { message: `${sentence} What was computed since is not used.`, hint: DEVICE_ADVICE, lost: true };
}
