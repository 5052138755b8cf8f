import { signal } from "@preact/signals";

/** Whether a run trains, on whichever panel it was started. */
export const running = signal(false);
