import type { Job } from "../protocol.ts";
import { factsOfModel } from "../store/models.ts";

/** What a model draws, so that pictures can be brought to its size before it is loaded. */
export const modelFactsJob: Job<"model.facts"> = (choice) => factsOfModel(choice);
