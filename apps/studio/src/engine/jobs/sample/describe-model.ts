import type { Job } from "../../job.ts";
import { factsOfModel, type ModelChoice, type ModelFacts } from "../../store/models.ts";

/** What a model draws, so that pictures can be brought to its size before it is loaded. */
export const describeModel: Job<ModelChoice, ModelFacts> = (choice) => factsOfModel(choice);
