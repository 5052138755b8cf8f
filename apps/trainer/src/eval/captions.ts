import { readFile } from "node:fs/promises";
import { type Dataset, fail } from "@ddpm/core";
import { fixedSubset } from "@ddpm/metrics/authoring";
import type { Model } from "../drawing/open-model.ts";
import { promptsOf } from "../drawing/prompt.ts";
import type { Reference } from "./reference.ts";

/**
 * The captions that samples of an evaluation cycle through: those of a file, or else of images, held-out ones where there are some.
 *
 * @param file one caption a line
 * @returns undefined for a network that reads no captions
 * @throws DdpmError for a network or images without captions, and captions that the network does not read
 */
export async function evaluatedCaptions(
  { parts }: Pick<Model, "parts">,
  { heldOut, training, real }: Pick<Reference, "heldOut" | "training" | "real">,
  count: number,
  file?: string,
): Promise<readonly string[] | undefined> {
  const { tokenizer } = parts;
  if (!tokenizer) {
    if (file === undefined) return undefined;
    return fail("cli/eval", "--prompts was given, but the network reads no captions.");
  }
  const captions =
    file === undefined ? await captionsOf(heldOut ?? training ?? real, count) : await linesOf(file);
  promptsOf("cli/eval", captions, tokenizer);
  return captions;
}

async function captionsOf(dataset: Dataset, count: number): Promise<readonly string[]> {
  const captions: string[] = [];
  for (const index of fixedSubset(dataset.length, count)) {
    const { caption } = await dataset.image(index);
    captions.push(
      caption ??
        fail(
          "cli/eval",
          `${dataset.name} has no captions, and the network reads them.`,
          "Give a file with one caption a line by --prompts.",
        ),
    );
  }
  return captions;
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch(() =>
    fail("cli/eval", `--prompts ${file} cannot be read.`, "Give a text file with one caption a line."),
  );
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length > 0
    ? lines
    : fail("cli/eval", `--prompts ${file} has no captions.`, "Write one a line.");
}
