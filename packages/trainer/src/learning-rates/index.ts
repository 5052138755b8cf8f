import type { Registry } from "@ddpm/core";
import type { LearningRate } from "../learning-rate.ts";
import { changed } from "./changed.ts";
import { courses } from "./courses.ts";

/** Every course of the learning rate, by the name JSON uses. */
export const learningRates: Registry<LearningRate> = courses.with(changed);
