/**
 * The backends of TensorFlow.js in Node: probing, choosing, explaining.
 *
 * @packageDocumentation
 */
import { type BackendOptions, type ChosenBackend, chooseBackend, warnOfPassedOver } from "../choose.ts";
import { backends } from "./backends.ts";

export type { Backend } from "../backend.ts";
export type { ChosenBackend } from "../choose.ts";
export { backends } from "./backends.ts";

/**
 * Starts a backend of TensorFlow.js and makes it the current one; gradients are registered.
 *
 * Where `auto` passes over the backend that every installation should have, it warns in one line with what to do.
 *
 * @param name `auto` takes the first that works, without software graphics
 * @throws DdpmError for an unknown name, or with the reason why it does not work here
 */
export async function useBackend(name = "auto", options: BackendOptions = {}): Promise<ChosenBackend> {
  await registerGradients();
  const chosen = await chooseBackend(backends, name, options);
  warnOfPassedOver(chosen);
  return chosen;
}

/** Registers the gradients of TensorFlow.js' operations, for programs that start a backend of {@link backends} directly. */
export async function registerGradients(): Promise<void> {
  await import("./gradients.ts");
}
