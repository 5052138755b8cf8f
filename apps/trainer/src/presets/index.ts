import type { RunDescription } from "../config/schema.ts";
import { fashion } from "./fashion.ts";
import { quickstart } from "./quickstart.ts";

/** Ready runs by name; one file and one line each. */
export const presets: readonly RunDescription[] = [quickstart, fashion];
