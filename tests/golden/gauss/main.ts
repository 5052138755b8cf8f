import type { Case } from "../result.ts";
import { algebraCases } from "./algebra.ts";
import { givenOf, type MainCase } from "./given.ts";
import { type Meant, meantCases } from "./improved.ts";
import { lucidrainsCases } from "./lucidrains.ts";
import { improvedChain } from "./names.ts";

/** The Gaussian algebra of improved-diffusion and denoising-diffusion-pytorch, part by part. */
export function mainCases(blocks: readonly MainCase[]): Case[] {
  return blocks.flatMap((block, i) =>
    block.schedules.flatMap((golden) => {
      const name = String(golden.schedule);
      const given = givenOf(block, improvedChain(name, block.T));
      const where = `main/${i} ${name}`;
      return [
        ...algebraCases(where, given, golden),
        ...lucidrainsCases(where, given, golden.lucidrains),
        ...(golden.p_mean_variance_and_vlb as unknown as readonly Meant[]).flatMap((each) =>
          meantCases(where, given, each),
        ),
      ];
    }),
  );
}
