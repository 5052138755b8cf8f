import { expect, test } from "vitest";
import { runOf } from "../src/run.ts";

async function* three(): AsyncGenerator<number, void> {
  yield* [1, 2, 3];
}

const sum = (starts: { count: number }) =>
  runOf(
    "three",
    () => {
      starts.count++;
      return three();
    },
    (last) => `ended with ${last}`,
  );

test("awaiting runs to the end, once", async () => {
  const starts = { count: 0 };
  const run = sum(starts);
  expect(starts.count).toBe(0);
  expect(await run).toBe("ended with 3");
  expect(await run).toBe("ended with 3");
  expect(starts.count).toBe(1);
});

test("a loop sees every event, and awaiting afterwards gives the result", async () => {
  const starts = { count: 0 };
  const run = sum(starts);
  const seen: number[] = [];
  for await (const event of run) seen.push(event);
  expect(seen).toEqual([1, 2, 3]);
  expect(await run).toBe("ended with 3");
  expect(starts.count).toBe(1);
});

test("a loop that is left early leaves no result, and a second loop is refused", async () => {
  const run = sum({ count: 0 });
  for await (const event of run) if (event === 2) break;
  await expect(Promise.resolve(run)).rejects.toThrow("left before its end");
  await expect(
    (async () => {
      for await (const _ of run);
    })(),
  ).rejects.toThrow("was started before");
});

test("an error reaches the loop, and those who await", async () => {
  const failing = () =>
    runOf(
      "failing",
      async function* () {
        yield 1;
        throw new Error("broken");
      },
      () => 0,
    );
  await expect(Promise.resolve(failing())).rejects.toThrow("broken");
  const run = failing();
  await expect(
    (async () => {
      for await (const _ of run);
    })(),
  ).rejects.toThrow("broken");
  await expect(Promise.resolve(run)).rejects.toThrow("broken");
});
