import { checkDevice, chooseBackend } from "../backends/current.ts";
import type { Job } from "../protocol.ts";

/**
 * Starts the backend, where none runs, and reports on it.
 *
 * @throws when none works, or the one that runs has failed since
 */
export const startJob: Job<"start"> = async (choice) => {
  const chosen = await chooseBackend(choice);
  checkDevice(chosen);
  return chosen.report;
};
