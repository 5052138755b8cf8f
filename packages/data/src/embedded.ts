import { type Dataset, type Registry, registry } from "@ddpm/core";
import { shapes } from "./shapes.ts";

/** Sets that need no file. */
export const embeddedSets: Registry<Dataset> = registry<Dataset>("embedded data set", [shapes]);
