import { basename } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { float32, readSafetensors } from "../../packages/weights/src/index.ts";
import type { PipelineCase, TrainingCase } from "./pipelines/case.ts";
import { inputsIn, type Tensors } from "./pipelines/inputs.ts";
import { casesOfParts, openParts, type Parts } from "./pipelines/parts.ts";
import { casesOfRun } from "./pipelines/run.ts";
import { statesOf } from "./pipelines/texts.ts";
import { casesOfTraining } from "./pipelines/training.ts";
import { readGolden } from "./read-golden.ts";
import {
  type Case,
  entriesOf,
  errorOf,
  type GoldenResult,
  isRecord,
  membersBut,
  slowCaseOf,
  summarise,
} from "./result.ts";

/** The states of a text encoder, which its file says nothing of: a few units of float32. */
const STATES = { abs: 4e-6 };

/** Runs the parts of pipelines, or the runs and training steps made of them. */
export async function runFile(path: string): Promise<GoldenResult> {
  const json: unknown = JSON.parse(new TextDecoder().decode(readGolden(path)));
  if (!isRecord(json) || !("cases" in json || "training" in json)) {
    return summarise(await scoped(() => casesOfParts(path)));
  }
  const { tensors } = readSafetensors(readGolden(path.replace(/\.json$/, ".safetensors")));
  tf.engine().startScope();
  try {
    const parts = openParts(path);
    const inputs = inputsIn(tensors);
    const cases = [
      ...(await casesOfTexts(parts, tensors)),
      ...(await entriesOf("cases", json.cases ?? [], (entry) =>
        scoped(() => casesOfRun(parts, tensors, inputs, entry as PipelineCase)),
      )),
      ...(await entriesOf("training", json.training ?? [], (entry) =>
        scoped(() => casesOfTraining(parts, tensors, inputs, entry as TrainingCase)),
      )),
    ];
    const uncompared = membersBut(json, ["references", "cases", "training", "note"]);
    if (uncompared.length > 0)
      cases.push({ id: basename(path), reason: `nothing compares ${uncompared.join(", ")}`, uncompared });
    return summarise(cases);
  } finally {
    tf.engine().endScope();
  }
}

/** The states of both prompts. */
function casesOfTexts(parts: Parts, tensors: Tensors): Promise<Case[]> {
  const { promptIds, negativeIds } = inputsIn(tensors);
  const pairs = [
    ["golden.prompt_embeds", promptIds],
    ["golden.negative_prompt_embeds", negativeIds],
  ] as const;
  return Promise.all(
    pairs.map(([name, ids]) =>
      slowCaseOf(name, async () => {
        const ours = await statesOf(parts, ids).data<"float32">();
        return errorOf(ours, float32(tensors[name]!), STATES);
      }),
    ),
  );
}

/** Frees what a case made, also what it kept for itself. */
async function scoped(run: () => Promise<Case[]>): Promise<Case[]> {
  tf.engine().startScope();
  try {
    return await run();
  } finally {
    tf.engine().endScope();
  }
}
