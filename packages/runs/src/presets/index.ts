import { type Registry, registry } from "@ddpm/core";
import type { StagedDescription } from "../config/stages.ts";
import { captions } from "./captions.ts";
import { cars, carsSmall } from "./cars.ts";
import { cifar } from "./cifar.ts";
import { fashion } from "./fashion.ts";
import { fashionAnnotated } from "./fashion-annotated.ts";
import { hfAnnotatedV2 } from "./hf-annotated.ts";
import { hoCifar } from "./ho-cifar.ts";
import { labmlCeleba, labmlMnist } from "./labml.ts";
import { fashionInLatents } from "./latent/fashion.ts";
import { flowersInLatents } from "./latent/flowers.ts";
import { shapesInLatents } from "./latent/shapes.ts";
import { mnistNano } from "./mnist-nano.ts";
import { quickstart } from "./quickstart.ts";
import { tinyImagenet, tinyImagenetRepository } from "./tiny-imagenet.ts";

/** Ready runs by name; one file and one line each. Published runs are there as published and corrected (docs/presets). */
export const presets: Registry<StagedDescription> = registry("runs/presets", "preset", [
  quickstart,
  captions,
  ...shapesInLatents,
  fashion,
  ...fashionInLatents,
  ...flowersInLatents,
  ...cars,
  ...carsSmall,
  ...cifar,
  ...mnistNano,
  ...fashionAnnotated,
  ...hfAnnotatedV2,
  ...tinyImagenet,
  ...tinyImagenetRepository,
  ...labmlMnist,
  ...labmlCeleba,
  ...hoCifar,
]);
