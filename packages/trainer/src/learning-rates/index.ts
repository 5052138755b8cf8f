import type { Registry } from "@ddpm/core";
import { changed } from "./changed.ts";
import { courses } from "./courses.ts";
import type { LearningRate } from "./learning-rate.ts";

/** Every course of the learning rate, by the name JSON uses. */
export const learningRates: Registry<LearningRate> = courses.with(changed);
