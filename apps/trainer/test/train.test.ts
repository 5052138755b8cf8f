import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { ddpm, type Ended, startDdpm, temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { hashes } from "./support/files.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const config = writeSmallRun(folder, { train: { ...smallRun.train, accumulate: 2 } });
const train = (out: string, ...words: readonly string[]): readonly string[] => [
  ...["train", config, "--out", join(folder, out), "--backend", "wasm", "--json"],
  ...words,
];

describe("an uninterrupted training", () => {
  let ended: Ended;
  const out = join(folder, "whole");
  beforeAll(async () => {
    ended = await ddpm(...train("whole"));
  });

  test("ends well, with JSON lines and nothing else on standard output", () => {
    expect(ended.stderr).not.toContain("error");
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split("\n")).toHaveLength(ended.events.length);
    expect(ended.events.at(-1)).toMatchObject({ event: "done", run: out, images: 96 });
  });

  test("tells every step, checkpoint and picture with the fields that scripts rely on", () => {
    const steps = ended.events.filter(({ event }) => event === "step");
    expect(steps.map(({ images }) => images)).toEqual([16, 32, 48, 64, 80, 96]);
    for (const step of steps) {
      expect(step).toMatchObject({ step: (step.images as number) / 8, loss: expect.any(Number) });
      expect(step.imagesPerSecond).toBeGreaterThan(0);
    }
    const seen = (kind: string) =>
      ended.events.filter(({ event }) => event === kind).map(({ images }) => images);
    expect(seen("checkpoint")).toEqual([24, 48, 72, 96]);
    expect(seen("samples")).toEqual([48, 96, 96]);
  });

  test("leaves the folder of a run: configuration, log, checkpoints, pictures, chart", () => {
    const names = Object.keys(hashes(out));
    expect(names).toContain("checkpoints/latest");
    expect(names.filter((name) => name.endsWith("state.json"))).toHaveLength(smallRun.every.keep);
    for (const part of ["model", "ema", "optimizer"]) {
      expect(names).toContain(`checkpoints/000000000096/${part}.safetensors`);
    }
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8"))).toMatchObject({
      denoiser: { channels: 3 },
      train: { batch: 8, optimizer: "adam" },
    });
    expect(readFileSync(join(out, "loss.svg"), "utf8")).toContain("images seen");
  });

  test("draws the strip as rows of fixed noise by stages, and the grid", () => {
    const strip = decode(readFileSync(join(out, "samples", "000000000048.png")));
    const grid = decode(readFileSync(join(out, "samples", "final.png")));
    const tile = 64 + 2;
    expect([strip.width, strip.height]).toEqual([3 * tile + 2, 2 * tile + 2]);
    expect([grid.width, grid.height]).toEqual([2 * tile + 2, 2 * tile + 2]);
  });

  test("reports when it is started again, and does nothing", async () => {
    const before = hashes(out);
    const again = await ddpmHere(...train("whole"));
    expect(again.code).toBe(2);
    expect(again.events[0]).toMatchObject({ event: "error", message: expect.stringContaining("--resume") });
    const finished = await ddpmHere(...train("whole", "--resume"));
    expect(finished.code).toBe(0);
    expect(hashes(out)).toEqual(before);
  });

  test("gives the same bytes from the same seed, and others from another", async () => {
    await ddpmHere(...train("twin"));
    const other = await ddpmHere(...train("other", "--seed", "4"));
    expect(hashes(join(folder, "twin"))).toEqual(hashes(out));
    const losses = (events: Ended["events"]) =>
      events.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    expect(losses(other.events)).not.toEqual(losses(ended.events));
  });

  test("resumes byte for byte after Ctrl-C, which saves, names how to resume, and exits with 130", async () => {
    const { child, ended: interrupted } = startDdpm(train("interrupted"));
    let signalled = false;
    child.stdout!.on("data", (chunk: Buffer) => {
      if (signalled || !chunk.includes('"event":"step","images":32')) return;
      signalled = true;
      child.kill("SIGINT");
    });
    const stopped = await interrupted;
    expect(stopped.code).toBe(130);
    expect(stopped.events.at(-1)).toMatchObject({ event: "interrupted" });
    expect(existsSync(join(folder, "interrupted", "samples", "final.png"))).toBe(false);
    expect((await ddpmHere(...train("interrupted", "--resume"))).code).toBe(0);
    const whole = hashes(out);
    const resumed = hashes(join(folder, "interrupted"));
    for (const name of ["log.jsonl", "loss.svg", "samples/final.png", "samples/000000000048.png"]) {
      expect(whole[name], name).toBeDefined();
      expect(resumed[name], name).toBe(whole[name]);
    }
    for (const part of ["model", "ema", "optimizer"]) {
      const name = `checkpoints/000000000096/${part}.safetensors`;
      expect(whole[name], name).toBeDefined();
      expect(resumed[name], name).toBe(whole[name]);
    }
  });

  test("refuses to resume with other settings, naming them", async () => {
    const refused = await ddpmHere(
      ...train("whole", "--resume", "--set", "train.batch=16", "schedule.name=linear"),
    );
    expect(refused.code).toBe(2);
    const { message } = refused.events[0] as { message: string };
    expect(message).toContain("train.batch was 8, is 16");
    expect(message).toContain("schedule.name");
  });

  test("trains further when asked for more images", async () => {
    const more = await ddpmHere(...train("twin", "--resume", "--images", "112"));
    expect(more.events.at(-1)).toMatchObject({ event: "done", images: 112 });
  });

  test("can be sampled from: one picture per file, a grid, a film; the same from the same seed", async () => {
    const words = [
      "--sampler",
      "ddpm",
      "--steps",
      "10",
      "--count",
      "5",
      "--batch",
      "2",
      "--backend",
      "wasm",
      "--json",
      "--gif",
    ];
    const draw = async (name: string, ...more: string[]) =>
      ddpmHere("sample", out, ...words, "--out", join(folder, name), ...more);
    const drawn = await draw("a");
    expect(drawn.events.at(-1)).toMatchObject({ event: "done", count: 5, calls: 10, out: join(folder, "a") });
    const a = hashes(join(folder, "a"));
    const pictures = ["0.png", "1.png", "2.png", "3.png", "4.png"];
    expect(Object.keys(a)).toEqual([...pictures, "drawing.json", "grid.png", "reverse.gif"]);
    await draw("b", "--batch", "5");
    const b = hashes(join(folder, "b"));
    expect(b["4.png"]).toBe(a["4.png"]);
    await draw("c", "--seed", "1", "--raw");
    expect(hashes(join(folder, "c"))["4.png"]).not.toBe(a["4.png"]);
  });
});

test("a dry run says how long the training takes and writes nothing", async () => {
  const out = join(folder, "dry");
  const { code, events } = await ddpmHere(...train("dry", "--dry-run"));
  expect(code).toBe(0);
  expect(events.map(({ event }) => event)).toEqual(["plan", "estimate", "done"]);
  expect(events[1]).toMatchObject({ seconds: expect.any(Number), imagesPerSecond: expect.any(Number) });
  expect(existsSync(out)).toBe(false);
});

test("a training that --minutes ends says how much is left, and how to resume", async () => {
  const out = join(folder, "minutes");
  const words = ["train", config, "--out", out, "--backend", "wasm", "--minutes", "0.0001"];
  const { code, stdout } = await ddpmHere(...words);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Stopped after .*, as --minutes asks: \d+ of 96 images\. Resume with: (npx )?ddpm train --resume/,
  );
  expect(stdout).not.toContain("Done");
});
