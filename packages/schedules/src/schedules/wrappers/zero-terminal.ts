import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betasOfTable } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { chainOf } from "../../chain/chain.ts";
import { type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";
import { baseOf, type Wrapped, wrappedShape } from "./wrapped.ts";

/** Options of {@link zeroTerminal}. */
export interface ZeroTerminalOptions extends Pick<TableOptions, "interpolate"> {
  /** A schedule with steps, or what to make it from; `linear`. */
  readonly of?: Wrapped | undefined;
  /**
   * ᾱ that is left at the last step; 0. diffusers' sigma-space samplers put 2^−24 there, although a few steps before it
   * have less; here those steps go down to it in equal strides, so that noise still grows.
   */
  readonly terminal?: number | undefined;
}

/**
 * A chain whose √ᾱ is shifted and scaled so that its first step stays and no signal is left at its last.
 *
 * A network must then predict v or x0, and sampling must begin at t = 1 (spacing trailing).
 *
 * Source: Lin et al. 2024, algorithm 1; diffusers `rescale_zero_terminal_snr`.
 */
export const zeroTerminal: Plugin<ZeroTerminalOptions, NoiseSchedule> = plugin({
  name: "zero-terminal",
  about: "Another chain, rescaled so that no signal is left at the end.",
  source: "Lin et al. 2024, algorithm 1",
  options: {
    of: wrappedShape.default("linear").describe("the schedule to rescale; it must have steps"),
    terminal: option.number().min(0).lt(1).default(0).describe("ᾱ that is left at the last step"),
    interpolate: tableShape.interpolate,
  },
  create({ of, terminal, interpolate }) {
    const { abar, steps } = chainOf(baseOf(of));
    const roots = abar.map(Math.sqrt);
    const first = roots[0]!;
    const last = roots[steps - 1]!;
    const scale = steps > 1 ? first / (first - last) : 1;
    const moved = roots.map((root) => ((root - last) * scale) ** 2);
    return betaTable("zero-terminal", betasOfTable(endingAt(moved, terminal)), { interpolate });
  },
});

/** Falling ᾱ whose last is `terminal`; those that would not stay above it go down to it in equal strides. */
function endingAt(abar: Float64Array, terminal: number): Float64Array {
  const last = abar.length - 1;
  let kept = last - 1;
  while (kept >= 0 && !(abar[kept]! > terminal)) kept--;
  const from = kept < 0 ? 1 : abar[kept]!;
  return abar.map((value, i) =>
    i <= kept ? value : from + ((i - kept) / (last - kept)) * (terminal - from),
  );
}
