import { type Registry, registry } from "@ddpm/core";
import type { Optimizer } from "../optimizer.ts";
import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import { radam } from "./radam.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

/** Every way from gradients to weights, by the name JSON uses. */
export const optimizers: Registry<Optimizer> = registry("optimizer", [adam, adamw, sgd, rmsprop, radam]);
