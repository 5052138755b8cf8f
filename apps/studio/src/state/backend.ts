import { signal } from "@preact/signals";
import type { BackendReport } from "../engine/backends/backend.ts";
import { BACKENDS, type BackendChoice } from "../engine/backends/names.ts";
import { CallFailed, call, restart, whenEnded } from "../engine/client.ts";

const KEY = "studio.backend";

/** What the visitor asked for; kept between visits. */
export const backendChoice = signal<BackendChoice>(remembered());

/** What runs, once something was computed. */
export const backendReport = signal<BackendReport | undefined>(undefined);

/** Why the chosen backend does not run. */
export const backendFailure = signal<string | undefined>(undefined);

function remembered(): BackendChoice {
  const stored = localStorage.getItem(KEY);
  return BACKENDS.find((name) => name === stored) ?? "auto";
}

whenEnded(() => {
  backendReport.value = undefined;
});

/** Starts the backend, if none runs yet; where its device was lost while nobody computed, once more. */
export async function startBackend(): Promise<void> {
  const start = (): Promise<BackendReport> => call("start", backendChoice.value);
  try {
    backendReport.value = await start().catch((error: unknown) => {
      if (error instanceof CallFailed && error.lost) return start();
      throw error;
    });
    backendFailure.value = undefined;
  } catch (error) {
    backendFailure.value = error instanceof Error ? error.message : String(error);
  }
}

/** Takes another backend: the worker starts again, so what it was doing stops. */
export async function changeBackend(choice: BackendChoice): Promise<void> {
  backendChoice.value = choice;
  localStorage.setItem(KEY, choice);
  backendReport.value = undefined;
  restart();
  await startBackend();
}
