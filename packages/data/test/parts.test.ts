import type { Dataset } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { limiter } from "../src/bytes/limiter.ts";
import { lru } from "../src/bytes/lru.ts";
import { cached } from "../src/index.ts";

it("a cache keeps the most recently used, by size", () => {
  const kept = lru<string, number>(10, (value) => value);
  kept.set("a", 4);
  kept.set("b", 4);
  expect(kept.get("a")).toBe(4);
  kept.set("c", 4);
  expect([kept.get("a"), kept.get("b"), kept.get("c")]).toEqual([4, undefined, 4]);
  kept.set("huge", 11);
  expect(["a", "c", "huge"].map(kept.get)).toEqual([undefined, undefined, undefined]);
  kept.set("a", 5);
  kept.set("a", 6);
  kept.delete("a");
  kept.delete("a");
  for (const name of ["x", "y"]) kept.set(name, 5);
  expect([kept.get("x"), kept.get("y")]).toEqual([5, 5]);
  kept.clear();
  expect(kept.get("x")).toBeUndefined();
});

it("a cache behaves as a list of recent keys does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(6))), fc.nat(5), (actions, limit) => {
      const kept = lru<number, string>(limit);
      let recent: number[] = [];
      for (const [write, key] of actions) {
        if (write) {
          kept.set(key, `${key}`);
          recent = [...recent.filter((other) => other !== key), key].slice(
            -limit || Number.POSITIVE_INFINITY,
          );
          if (limit === 0) recent = [];
        } else {
          const known = recent.includes(key);
          expect(kept.get(key)).toBe(known ? `${key}` : undefined);
          if (known) recent = [...recent.filter((other) => other !== key), key];
        }
      }
    }),
  );
});

it("a cached set decodes each image once, shares what is under way, and retries what failed", async () => {
  let calls = 0;
  let broken = true;
  const set: Dataset = {
    name: "x",
    length: 4,
    shape: [1, 2, 1],
    fingerprint: "f",
    image: async (index) => {
      calls++;
      if (index === 3 && broken) throw new Error("broken");
      return { pixels: Uint8Array.of(index, index) };
    },
  };
  const kept = cached(set, 5);
  const [a, b] = await Promise.all([kept.image(0), kept.image(0)]);
  expect(a).toBe(b);
  await kept.image(0);
  expect(calls).toBe(1);
  await expect(kept.image(3)).rejects.toThrow("broken");
  broken = false;
  expect((await kept.image(3)).pixels[0]).toBe(3);
  await kept.image(1);
  await kept.image(2);
  await kept.image(1);
  expect(calls).toBe(5);
  await kept.image(0);
  expect(calls).toBe(6);
});

it("no more tasks run at once than allowed, all run, in order, failures included", async () => {
  const limited = limiter(3);
  let [running, most] = [0, 0];
  const started: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      limited(async () => {
        started.push(i);
        most = Math.max(most, ++running);
        await new Promise((done) => setTimeout(done, (i * 3) % 5));
        running--;
        if (i % 4 === 0) throw new Error(`${i}`);
        return i;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(started).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(
    results.map((result) => (result.status === "fulfilled" ? result.value : `${result.reason.message}!`)),
  ).toEqual(Array.from({ length: 20 }, (_, i) => (i % 4 === 0 ? `${i}!` : i)));
});

it("a fingerprint follows content, boundaries and order", () => {
  const prints = [
    ["ab"],
    ["a", "b"],
    ["b", "a"],
    ["", "ab"],
    [Uint8Array.of(0)],
    [Uint8Array.of(0, 0)],
    [1],
    [true],
  ];
  expect(new Set(prints.map((parts) => fingerprint(...parts))).size).toBe(prints.length);
  expect(fingerprint("x", 3)).toMatch(/^[0-9a-f]{16}$/);
  const many = Array.from({ length: 50_000 }, (_, i) => fingerprint(i));
  expect(new Set(many).size).toBe(50_000);
  expect(new Set(many.map((print) => print.slice(0, 8))).size).toBeGreaterThan(49_990);
  expect(new Set(many.map((print) => print.slice(8))).size).toBeGreaterThan(49_990);
});
