import { random } from "@ddpm/core";
import { type Samples, sizeOf } from "@ddpm/core/authoring";
import type { TensorTree } from "@ddpm/core/step";
import type { Part } from "../batch/part.ts";
import { behaviourOf, drawMasks, PROBE } from "../batch/training-behaviour.ts";
import type { ObjectiveLoopOptions } from "../loop/options.ts";
import type { BatchInputs, LoopObjective } from "./objective.ts";

interface GivenInputs extends BatchInputs {
  readonly given: TensorTree;
}

/** Any {@link TrainingObjective}, with the dropout of its networks. */
export function givenObjective({
  objective,
  images,
  seed,
}: Pick<ObjectiveLoopOptions, "objective" | "images" | "seed">): LoopObjective<GivenInputs> {
  const root = random(seed);
  return {
    network: objective,
    each: false,
    behaviour: (params) =>
      behaviourOf(objective.name, (mode) => {
        const shape = [PROBE, ...images.shape];
        const empty: Samples = { data: new Float32Array(sizeOf(shape)), shape };
        objective.loss(params, objective.inputs(empty, root, 0), mode);
      }),
    inputs: (behaviour, state, samples, part) => ({
      given: objective.inputs(partOf(samples, state.images, part), root.fork("objective"), part.first),
      dropout: drawMasks(behaviour.masks, root, part.first, part.count, part.update),
    }),
    loss: (params, { given }, mode) => objective.loss(params, given, mode),
  };
}

/** The samples of a part of a batch whose first sample has the number `begin`. */
function partOf({ data, shape: [, ...shape] }: Samples, begin: number, { first, count }: Part): Samples {
  const size = sizeOf(shape);
  const start = first - begin;
  return { data: data.subarray(start * size, (start + count) * size), shape: [count, ...shape] };
}
