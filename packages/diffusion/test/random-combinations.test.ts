import "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { combinationOf, outcomeOf } from "./random-combination.ts";

/** More of them: `DDPM_DRAWS=2000 DDPM_SEED=7 npx vitest run packages/diffusion/test/random-combinations.test.ts`. */
const draws = Number(process.env.DDPM_DRAWS ?? 150);
/** Another seed every day, the same all day. */
const seed = Number(process.env.DDPM_SEED ?? 10_000 * Math.floor(Date.now() / 86_400_000));

/** Where, then a sentence, and nothing in it that only a programmer understands. */
function isSentence(text: string): boolean {
  return /^\[[a-z0-9/-]+\] .{10,}\.$/.test(text) && !/NaN|undefined|\[object|Invalid input/.test(text);
}

test(`${draws} random combinations from seed ${seed} end finite, or are refused in a sentence`, async () => {
  const wrong: string[] = [];
  let finite = 0;
  for (let k = 0; k < draws; k++) {
    const combination = combinationOf(seed + k);
    const outcome = await outcomeOf(combination).catch((error: unknown) => error as Error);
    const images = outcome instanceof Float32Array;
    if (images && outcome.every(Number.isFinite)) finite++;
    else if (typeof outcome !== "string" || !isSentence(outcome)) {
      const end = images ? "not finite" : String(outcome);
      wrong.push(`${end}: ${JSON.stringify(combination)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(finite).toBeGreaterThan(draws / 3);
});

test(`${draws} random combinations make the same bits of [B, H, W, C] and of [B, H · W, C]`, async () => {
  const different: string[] = [];
  for (let k = 0; k < draws; k++) {
    const combination = combinationOf(seed + k);
    const [batch, height, width, channels] = combination.shape as [number, number, number, number];
    const images = await outcomeOf(combination);
    const points = await outcomeOf({ ...combination, shape: [batch, height * width, channels] });
    if (String(images) !== String(points)) different.push(JSON.stringify(combination));
  }
  expect(different).toEqual([]);
});
