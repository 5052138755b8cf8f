import { chooseBackend } from "../backends/current.ts";
import type { Job } from "../protocol.ts";

/** Starts the backend and reports on it. */
export const startJob: Job<"start"> = async (choice) => (await chooseBackend(choice)).report;
