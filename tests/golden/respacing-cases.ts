import { isDdpmError } from "../../packages/core/src/index.ts";
import { ddimStride, respace, sections, stepOfTime } from "../../packages/schedules/src/index.ts";
import { scheduleOf } from "./references/schedules.ts";
import { type Case, caseOf, errorOf } from "./result.ts";

export interface RespacingCase {
  readonly reference: string;
  readonly num_timesteps: number;
  readonly section_counts: string | readonly number[];
  readonly timesteps?: readonly number[];
  readonly spaced_betas_linear?: readonly number[];
  readonly spaced_betas_cosine?: readonly number[];
  readonly error?: string;
}

/** The steps that respacing keeps, and the betas of the shorter chain; impossible ones must be refused. */
export function respacingCase(golden: RespacingCase, i: number): Case {
  const { section_counts, num_timesteps: T } = golden;
  return caseOf(`space_timesteps/${i} ${section_counts} of ${T}`, () => {
    if (golden.error !== undefined) return refuses(() => keptBy(section_counts, T)) ? 0 : Infinity;
    const kept = keptBy(section_counts, T);
    const betas = (name: string, wanted?: readonly number[]) => {
      if (!wanted) return 0;
      return errorOf(respace(scheduleOf(golden.reference, name, T, {}), kept).betas, wanted, {
        abs: 1e-13,
        rel: 1e-10,
      });
    };
    return Math.max(
      errorOf(kept, golden.timesteps ?? [], {}),
      betas("linear", golden.spaced_betas_linear),
      betas("cosine", golden.spaced_betas_cosine),
    );
  });
}

function keptBy(counts: string | readonly number[], T: number): number[] {
  const schedule = scheduleOf("openai/improved-diffusion", "cosine", T, {});
  const ddim = typeof counts === "string" ? /^ddim(\d+)$/.exec(counts) : null;
  const list = typeof counts === "string" ? counts.split(",").map(Number) : [...counts];
  const times = ddim
    ? ddimStride().times(Number(ddim[1]), schedule)
    : sections({ counts: list }).times(
        list.reduce((sum, count) => sum + count, 0),
        schedule,
      );
  return [...times]
    .slice(0, -1)
    .reverse()
    .map((t) => stepOfTime(t, T));
}

function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    return isDdpmError(error);
  }
}
