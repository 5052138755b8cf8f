import type { BackendReport } from "../backends/backend.ts";
import { checkDevice, chooseBackend } from "../backends/current.ts";
import type { BackendChoice } from "../backends/names.ts";
import type { Job } from "../job.ts";

/**
 * Starts the backend, where none runs, and reports on it.
 *
 * @throws when none works, or the one that runs has failed since
 */
export const start: Job<BackendChoice, BackendReport> = async (choice) => {
  const chosen = await chooseBackend(choice);
  checkDevice(chosen);
  return chosen.report;
};
