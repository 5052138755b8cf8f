import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compiledStep, onnxStatistics } from "../src/index.ts";

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** One step of gradient descent on (w x - 1)^2 with a rate that is an input. */
function descend({ w, x, rate }: Tensors): Tensors {
  const { value, grads } = tf.valueAndGrads(
    (w: tf.Tensor) => tf.mean(tf.square(tf.sub(tf.mul(w, x!), 1))) as tf.Scalar,
  )([w!]);
  return { w: tf.sub(w!, tf.mul(grads[0]!, rate!)), loss: value };
}

function losses(step: (inputs: Tensors) => Tensors, count: number): number[] {
  let w: tf.Tensor = tf.tensor1d([0.1, 0.2, 0.3]);
  const seen: number[] = [];
  for (let i = 1; i <= count; i++) {
    const x = tf.tensor1d([i, 1, 2]);
    const rate = tf.scalar(0.1 / i);
    const next = step({ w, x, rate });
    seen.push(next.loss!.dataSync()[0]!);
    tf.dispose([w, x, rate, next.loss!]);
    w = next.w!;
  }
  w.dispose();
  return seen;
}

beforeAll(async () => {
  await tf.setBackend("onnx");
});

describe("compiledStep", () => {
  it("computes what the function computes, while inputs and scalars change", () => {
    const plainly = losses((inputs) => tf.tidy(() => ({ ...descend(inputs) })), 8);
    expect(losses(compiledStep(descend), 8)).toEqual(plainly);
  });

  it("runs the function twice and compiles once", () => {
    let calls = 0;
    const before = onnxStatistics().compilations;
    losses(
      compiledStep((inputs) => {
        calls++;
        return descend(inputs);
      }),
      8,
    );
    expect(calls).toBe(2);
    expect(onnxStatistics().compilations - before).toBe(1);
  });

  it("takes its inputs in any order", () => {
    const before = onnxStatistics().compilations;
    const step = compiledStep(descend);
    const inputs = { w: tf.tensor1d([1, 2, 3]), x: tf.tensor1d([4, 5, 6]), rate: tf.scalar(0.5) };
    const turned = { rate: inputs.rate, x: inputs.x, w: inputs.w };
    const results = [inputs, inputs, turned, turned].map((given) => [...step(given).w!.dataSync()]);
    expect(results).toEqual(Array(4).fill(results[0]));
    expect(onnxStatistics().compilations - before).toBe(1);
  });

  it("leaves no tensors behind", () => {
    const before = tf.memory().numTensors;
    losses(compiledStep(descend), 5);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("passes inputs through", () => {
    const step = compiledStep(({ x }) => ({ same: tf.clone(x!), twice: tf.mul(x!, 2) }));
    for (let i = 0; i < 4; i++) {
      const x = tf.tensor1d([i, 1]);
      const { same, twice } = step({ x });
      x.dispose();
      expect([...same!.dataSync()]).toEqual([i, 1]);
      expect([...twice!.dataSync()]).toEqual([2 * i, 2]);
    }
  });

  it("records other shapes again", () => {
    const step = compiledStep(({ x }) => ({ sum: tf.sum(x!) }));
    for (const size of [3, 4, 3, 4, 3, 4]) expect(step({ x: tf.ones([size]) }).sum!.dataSync()[0]).toBe(size);
  });

  it("refuses random numbers made inside", () => {
    const step = compiledStep(({ x }) => ({ y: tf.add(x!, tf.randomNormal([2, 3])) }));
    const x = tf.zeros([2, 3]);
    step({ x });
    expect(() => step({ x })).toThrow(
      /float32 tensor of shape \[2,3\] that the step makes .* has other numbers/,
    );
  });

  it("refuses a scalar that changes inside", () => {
    let count = 0;
    const step = compiledStep(({ x }) => ({ y: tf.add(x!, ++count) }));
    const x = tf.zeros([2]);
    step({ x });
    expect(() => step({ x })).toThrow(/has other numbers in the second recording/);
  });

  it("refuses other operations the second time", () => {
    let odd = false;
    const step = compiledStep(({ x }) => {
      odd = !odd;
      return { y: odd ? tf.sin(x!) : tf.cos(x!) };
    });
    const x = tf.zeros([2]);
    step({ x });
    expect(() => step({ x })).toThrow(/was Sin in the first recording and is Cos/);
  });

  it("refuses a read in the middle", () => {
    const step = compiledStep(({ x }) => ({ y: tf.add(x!, tf.sum(tf.square(x!)).dataSync()[0]!) }));
    expect(() => step({ x: tf.ones([2]) })).toThrow(/needs a number in the middle of the step/);
  });

  it("refuses a tensor that is kept and not returned", () => {
    const step = compiledStep(({ x }) => {
      tf.keep(tf.square(x!));
      return { y: tf.add(x!, 1) };
    });
    expect(() => step({ x: tf.ones([2]) })).toThrow(/keeps a float32 tensor of shape \[2\]/);
  });
});

describe("errors", () => {
  it("name the kernel, and what was to be computed stays refused", () => {
    const a = tf.ones([2, 3]);
    expect(() => tf.matMul(a, a)).toThrow(/matMul/);
    expect([...tf.add(a, 1).dataSync()]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it("do not disturb what is recorded afterwards", () => {
    const step = compiledStep(({ x }) => ({ y: tf.add(x!, tf.sum(x!).dataSync()[0]!) }));
    const x = tf.ones([3]);
    expect(() => step({ x })).toThrow(/tfjs-backend-onnx\/compiled-step/);
    expect([...tf.mul(x, 3).dataSync()]).toEqual([3, 3, 3]);
  });
});

describe("what compiled steps keep", () => {
  const square = (w: tf.Tensor) => compiledStep(({ x }) => ({ y: tf.mul(tf.square(x!), w) }));
  const twice = (step: (inputs: Tensors) => Tensors): number[] =>
    [3, 5].map((value) => {
      const x = tf.tensor1d([value]);
      const { y } = step({ x });
      const result = y!.dataSync()[0]!;
      tf.dispose([x, y!]);
      return result;
    });

  it("is given up when they are disposed, constants too, and a disposed step can be used again", () => {
    const w = tf.tensor1d([2]);
    const step = square(w);
    const before = onnxStatistics().sessions;
    expect(twice(step)).toEqual([18, 50]);
    expect(onnxStatistics().sessions).toBe(before + 1);
    step.dispose();
    expect(onnxStatistics().sessions).toBe(before);
    expect(twice(step)).toEqual([18, 50]);
    step.dispose();
    w.dispose();
  });

  it("is bounded: the step used least recently is given up, and recorded again when it is called", () => {
    const weights = Array.from({ length: 40 }, (_, i) => tf.tensor1d([i]));
    const steps = weights.map(square);
    const first = onnxStatistics().sessions;
    for (const [i, step] of steps.entries()) {
      expect(twice(step)).toEqual([9 * i, 25 * i]);
      expect(twice(steps[0]!)).toEqual([0, 0]);
    }
    expect(onnxStatistics().sessions).toBeLessThanOrEqual(first + 16);
    const { compilations } = onnxStatistics();
    twice(steps[0]!);
    expect(onnxStatistics().compilations).toBe(compilations);
    expect(twice(steps[1]!)).toEqual([9, 25]);
    expect(onnxStatistics().compilations).toBe(compilations + 1);
    for (const step of steps) step.dispose();
    tf.dispose(weights);
  });
});
