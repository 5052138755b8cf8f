import { type Registry, registry } from "@ddpm/core";
import { adafactor } from "./adafactor.ts";
import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import { lion } from "./lion.ts";
import { nadam } from "./nadam.ts";
import type { Optimizer } from "./optimizer.ts";
import { radam } from "./radam.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

/** Every way from gradients to weights, by the name JSON uses. */
export const optimizers: Registry<Optimizer> = registry("trainer/optimizers", "optimizer", [
  adam,
  adamw,
  sgd,
  rmsprop,
  radam,
  nadam,
  lion,
  adafactor,
]);
