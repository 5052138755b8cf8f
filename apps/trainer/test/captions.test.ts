import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";

const folder = temporaryFolder();

/** The preset with the smallest network that attends to a text. */
const small = [
  ...["denoiser.width=4", "denoiser.multipliers=[1,2]", "denoiser.attention=[1]", "denoiser.groups=4"],
  ...["denoiser.heads=2", "denoiser.context=8", "denoiser.vector=8"],
  'text.model={"name":"transformer","width":8,"layers":1,"heads":2}',
  ...[
    "train.batch=4",
    "train.learningRate=0.05",
    "sample.steps=1",
    "sample.count=1",
    "sample.strip=1",
    "sample.stages=2",
  ],
  ...["every.log=4", "every.samples=8", "every.checkpoint=4"],
];

function train(out: string, ...more: readonly string[]) {
  const words = ["--backend", "wasm", "--out", join(folder, out), "--set", ...small];
  return ddpmHere("train", "captions", ...more, ...words);
}

const weights = (out: string): Buffer =>
  readFileSync(join(folder, out, "checkpoints", "000000000008", "model.safetensors"));

test("a run that reads captions resumes to the same bytes, and draws what a prompt says", async () => {
  expect((await train("whole", "--images", "8")).code).toBe(0);
  expect((await train("parts", "--images", "4")).code).toBe(0);
  expect((await train("parts", "--images", "8", "--resume")).code).toBe(0);
  expect(weights("parts").equals(weights("whole"))).toBe(true);

  const sample = (out: string, ...words: readonly string[]) =>
    ddpmHere(
      ...["sample", join(folder, "whole"), "--backend", "wasm", "--raw", "--steps", "2", "--count", "1"],
      ...["--out", join(folder, out), ...words],
    );
  const drawn = (out: string): Buffer => readFileSync(join(folder, out, "0.png"));
  expect((await sample("stars", "--prompt", "two small red stars")).code).toBe(0);
  expect((await sample("ring", "--prompt", "a large blue ring")).code).toBe(0);
  expect(drawn("stars").equals(drawn("ring"))).toBe(false);
  const guided = ["--prompt", "two small red stars", "--guidance", "3"];
  expect((await sample("guided", ...guided)).code).toBe(0);
  expect((await sample("negative", ...guided, "--negative", "a large blue ring")).code).toBe(0);
  expect(drawn("guided").equals(drawn("stars"))).toBe(false);
  expect(drawn("guided").equals(drawn("negative"))).toBe(false);

  for (const [words, message] of [
    [["--prompt", "a smal star"], 'the word "smal" is not in the vocabulary of 30. Did you mean "small"?'],
    [["--prompt", "a ".repeat(30)], "ids too long for a row of 20"],
    [["--negative", "a"], "give --prompt and --guidance, too"],
    [["--rescale", "2", ...guided], "--rescale expects a number from 0 to 1"],
  ] as const) {
    const { code, stderr } = await sample("refused", ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  }
});

test("an evaluation draws captions and reports how many of their attributes the images show", async () => {
  const evaluate = (...words: readonly string[]) =>
    ddpmHere(
      ...["eval", join(folder, "whole"), "--backend", "wasm", "--raw", "--steps", "1", "--count", "16"],
      ...["--batch", "16", "--metrics", "attributes", "--guidance", "2", ...words],
    );
  const { code, stdout } = await evaluate();
  expect(code).toBe(0);
  for (const row of ["attributes of the caption ↑", "colour", "place", "images that show the whole caption"])
    expect(stdout).toContain(row);
  const saved = () => JSON.parse(readFileSync(join(folder, "whole", "eval.json"), "utf8"));
  expect(saved().settings).toMatchObject({ guidance: 2, captions: { length: 16 } });

  const prompts = join(folder, "prompts.txt");
  writeFileSync(prompts, "a small red star\n\ntwo large blue rings\n");
  expect((await evaluate("--prompts", prompts)).code).toBe(0);
  expect(saved().settings.captions).toEqual(["a small red star", "two large blue rings"]);
  writeFileSync(prompts, "a small red house\n");
  const refused = await evaluate("--prompts", prompts);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('the word "house" is not in the vocabulary');
});

test("edit, inpaint and interpolate draw what a prompt says", async () => {
  const source = join(folder, "stars", "0.png");
  for (const [verb, ...more] of [
    ["edit", source],
    ["inpaint", source, "--mask", "left"],
    ["interpolate", "--count", "2", "--stages", "3"],
  ] as const) {
    const drawn = async (out: string, prompt: string): Promise<Buffer> => {
      const words = ["--raw", "--steps", "3", "--out", join(folder, `${verb}-${out}`), "--prompt", prompt];
      const { code, stderr } = await ddpmHere(
        verb,
        join(folder, "whole"),
        ...more,
        "--backend",
        "wasm",
        ...words,
      );
      expect(stderr).toBe("");
      expect(code).toBe(0);
      return readFileSync(join(folder, `${verb}-${out}`, "grid.png"));
    };
    expect((await drawn("ring", "a large blue ring")).equals(await drawn("star", "a small red star"))).toBe(
      false,
    );
  }
});

test("images without captions are refused before anything is written", async () => {
  const without = await train("without", "--data", "shapes", "--images", "4");
  expect(without.code).toBe(2);
  expect(without.stderr).toContain("the images have no captions");
});

test("the held-out loss of a run that reads captions is measured, with their captions", async () => {
  const held = [
    "heldOut.amount=8",
    "heldOut.pairs=8",
    "heldOut.buckets=2",
    "data.count=40",
    "every.heldOut=4",
  ];
  const { code, stdout } = await train("held-out", "--images", "4", "--set", ...held);
  expect(code).toBe(0);
  expect(stdout).toContain("held-out loss at 4 images");
  const evaluated = await ddpmHere(
    ...["eval", join(folder, "held-out"), "--backend", "wasm", "--raw", "--steps", "1", "--count", "16"],
    ...["--batch", "16", "--metrics", "objective-loss,eps-loss"],
  );
  expect(evaluated.code).toBe(0);
  expect(evaluated.stdout).toContain("loss");
});

test("a vocabulary is made from captions in files and stored, so that the run resumes to the same bytes", async () => {
  const pictures = join(folder, "pictures");
  mkdirSync(pictures);
  for (const [name, caption] of [
    ["a", "a red star"],
    ["b", "Two blue rings, small"],
  ]) {
    copyFileSync(join(folder, "stars", "0.png"), join(pictures, `${name}.png`));
    writeFileSync(join(pictures, `${name}.txt`), caption!);
  }
  const own = ["--data", pictures, "--set", "data.captions=true", "text.tokenizer=words"];
  expect((await train("own-whole", "--images", "8", ...own)).stderr).toBe("");
  expect((await train("own-parts", "--images", "4", ...own)).code).toBe(0);
  expect((await train("own-parts", "--images", "8", "--resume", ...own)).code).toBe(0);
  expect(weights("own-parts").equals(weights("own-whole"))).toBe(true);
  const { text } = JSON.parse(readFileSync(join(folder, "own-whole", "config.json"), "utf8"));
  expect(text.tokenizer).toEqual({
    name: "words",
    words: [",", "a", "blue", "red", "rings", "small", "star", "two"],
    length: 7,
  });
  rmSync(join(pictures, "b.txt"));
  const missing = await train("own-missing", "--images", "4", ...own);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/b\.png has no caption: b\.txt is not there/);
});
