import { namedSchedule } from "../references/schedules.ts";
import { type Case, entriesOf, thrownCase } from "../result.ts";
import { algebraCases } from "./algebra.ts";
import { givenOf, type MainCase, type MainSchedule } from "./given.ts";
import { type Meant, meantCases } from "./improved.ts";
import { type Lucidrains, lucidrainsCases } from "./lucidrains.ts";

/** The Gaussian algebra of improved-diffusion and denoising-diffusion-pytorch, part by part. */
export function mainCases(block: MainCase, i: number): Promise<Case[]> {
  return entriesOf(`main/${i} schedules`, block.schedules, async (golden: MainSchedule) => {
    const name = String(golden.schedule);
    const where = `main/${i} ${name}`;
    try {
      const given = givenOf(block, namedSchedule(name, block.T));
      const meant = golden.p_mean_variance_and_vlb as unknown as readonly Meant[] | undefined;
      return [
        ...algebraCases(where, given, golden),
        ...(golden.lucidrains
          ? lucidrainsCases(where, given, golden.lucidrains as unknown as Lucidrains)
          : []),
        ...(meant
          ? await entriesOf(`${where} p_mean_variance_and_vlb`, meant, (each: Meant) =>
              meantCases(where, given, each),
            )
          : []),
      ];
    } catch (error) {
      return thrownCase(where, error);
    }
  });
}
