import { opfsStorage } from "@ddpm/runs/browser";

/** Everything that the page keeps: other pages do not see it, and it stays when the page is closed. */
export const files = opfsStorage();
