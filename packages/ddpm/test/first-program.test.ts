import { expectNoLeak } from "@ddpm/testing";
import { beforeAll, expect, test } from "vitest";
import { model, sample, shapes, type TrainedModel, train, useBackend } from "../src/index.ts";

const small = () =>
  model({ denoiser: { name: "ho", width: 8, multipliers: [1, 2], blocks: 1, attention: [], classes: 6 } });
const set = shapes({ size: 16 });
const short = { until: 16, batch: 4, logEvery: 8 };

let trained: TrainedModel;
beforeAll(async () => {
  await useBackend("onnx", { threads: 1 });
  trained = await train(small(), set, short);
});

test("a model is a network, a schedule and a parameterization, by default or by name", () => {
  const { denoiser, schedule, parameterization } = model();
  expect([denoiser.name, schedule.name, parameterization.name]).toEqual(["ho", "cosine", "v"]);
  expect(model({ schedule: { name: "linear", steps: 10 } }).schedule.steps).toBe(10);
  expect(() => model({ schedule: "cosin" })).toThrow('Did you mean "cosine"?');
});

test("a loop over a training sees its losses, and its last event has the model that awaiting gives", async () => {
  const run = train(small(), set, short);
  const images: number[] = [];
  let last: TrainedModel | undefined;
  for await (const event of run) {
    if (event.type === "step") images.push(event.images);
    if (event.type === "done") last = event.model;
  }
  expect(images).toEqual([8, 16]);
  expect(await run).toBe(last);
  expect(last!.params["out.conv.bias"] ?? Object.values(last!.params)[0]).toBeDefined();
});

test("the same seed gives the same weights", async () => {
  const again = await train(small(), set, short);
  for (const [name, value] of Object.entries(again.params))
    expect(value.dataSync(), name).toEqual(trained.params[name]!.dataSync());
});

test("samples are images in [−1, 1], the same whether they are awaited or followed", async () => {
  const options = { count: 2, steps: 3, label: "star" };
  const images = await sample(trained, options);
  expect(images.shape).toEqual([2, 16, 16, 3]);
  expect(images.data.every((value) => Math.abs(value) <= 1)).toBe(true);
  const steps: number[] = [];
  for await (const frame of sample(trained, options)) {
    steps.push(frame.step);
    if (frame.images) expect(frame.images.data).toEqual(images.data);
  }
  expect(steps).toEqual([1, 2, 3]);
});

test("sampling leaves no tensor behind, also where its loop is left", async () => {
  await expectNoLeak("sample", async () => {
    await sample(trained, { count: 1, steps: 2 });
  });
  for (const at of [1, 2])
    await expectNoLeak("left", async () => {
      for await (const { step } of sample(trained, { count: 1, steps: 2 })) if (step === at) break;
    });
});

test.each([
  [{ label: 6 }, /label 6, expected one of disc/],
  [{ label: "cube" }, /label "cube", expected one of disc/],
  [{ label: [1, 2, 3], count: 2 }, /3 labels for 2 images/],
  [{ sampler: "ddm" }, /Did you mean "ddim"|"ddpm"/],
])("refuses options that do not fit: %#", async (options, message) => {
  await expect(Promise.resolve(sample(trained, { steps: 2, ...options }))).rejects.toThrow(message);
});
