import { type Dataset, type Registry, registry } from "@ddpm/core";
import { captionedShapes } from "./captioned-shapes.ts";
import { checkerboard } from "./points/checkerboard.ts";
import { gaussians } from "./points/gaussians.ts";
import { moons } from "./points/moons.ts";
import { spiral } from "./points/spiral.ts";
import { shapes } from "./shapes.ts";

/** Sets that need no file. */
export const embeddedSets: Registry<Dataset> = registry<Dataset>("data/embedded", "embedded data set", [
  shapes,
  captionedShapes,
  spiral,
  moons,
  checkerboard,
  gaussians,
]);
