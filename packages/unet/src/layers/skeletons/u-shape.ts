import * as tf from "@tensorflow/tfjs-core";
import type { Scope } from "../../scope.ts";
import { type Part, recomputable } from "../blocks/recompute.ts";
import type { EmbeddedBlock } from "../blocks/residual-block.ts";

/** Where in the U a stage stands; level 0 is the finest. */
export interface Place {
  readonly way: "down" | "up";
  readonly level: number;
  readonly index: number;
}

/** Options of {@link uShape}. */
export interface UShapeOptions {
  /** Channels that come in, after the first convolution. */
  readonly stem: number;
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[];
  /** Stages per level on the way down; one more on the way up. */
  readonly blocks: number;
  /** Makes a stage of the level whose scope is `at`. */
  stage(at: Scope, place: Place, channelsIn: number, out: number): EmbeddedBlock;
  /** Halves height and width after a level. */
  halve(at: Scope, level: number, channels: number): EmbeddedBlock;
  /** Doubles height and width after a level on the way up. */
  double(at: Scope, level: number, channels: number): EmbeddedBlock;
  middle(at: Scope, channels: number): EmbeddedBlock;
  /** The last stage of a level up, not the first of the next, takes on the next level's channels. */
  readonly narrowsLast?: boolean;
}

/** A U without stem and head, and the channels that come out of it. */
export interface UShape {
  readonly out: number;
  readonly apply: EmbeddedBlock;
}

/**
 * The skeleton of Ho et al. 2020 and all its ports: what comes out of the stem, of every stage and of every
 * halving on the way down is kept and concatenated, last first, to the input of a stage on the way up.
 * Stages and the middle are {@link recomputable}.
 */
export function uShape(root: Scope, options: UShapeOptions): UShape {
  const { widths, blocks, narrowsLast = false } = options;
  let wide = options.stem;
  const kept = [wide];
  const part = (make: () => EmbeddedBlock): Part =>
    recomputable(root, () => {
      const block = make();
      return (run, tensors) => {
        const [embedded, x, skip] = tensors as [tf.Tensor2D, tf.Tensor4D, tf.Tensor4D?];
        return block(run, skip ? tf.concat([x, skip], 3) : x, embedded);
      };
    });
  const down = widths.map((out, level) => {
    const at = root.child("down").child(level);
    const stages = Array.from({ length: blocks }, (_, index) => {
      const made = part(() => options.stage(at, { way: "down", level, index }, wide, out));
      wide = out;
      kept.push(wide);
      return made;
    });
    if (level === widths.length - 1) return { stages };
    kept.push(wide);
    return { stages, halve: options.halve(at, level, wide) };
  });
  const middle = part(() => options.middle(root.child("mid"), wide));
  const up = widths
    .map((width, level) => ({ width, level, next: widths[level - 1] ?? options.stem }))
    .reverse()
    .map(({ width, level, next }) => {
      const at = root.child("up").child(level);
      const stages = Array.from({ length: blocks + 1 }, (_, index) => {
        const out = narrowsLast && index === blocks ? next : width;
        const channelsIn = wide + kept.pop()!;
        const made = part(() => options.stage(at, { way: "up", level, index }, channelsIn, out));
        wide = out;
        return made;
      });
      return level === 0 ? { stages } : { stages, double: options.double(at, level, wide) };
    });
  return {
    out: wide,
    apply(run, x, embedded) {
      let h = x;
      const skips = [h];
      for (const { stages, halve } of down) {
        for (const stage of stages) {
          h = stage(run, [embedded, h]);
          skips.push(h);
        }
        if (!halve) continue;
        h = halve(run, h, embedded);
        skips.push(h);
      }
      h = middle(run, [embedded, h]);
      for (const { stages, double } of up) {
        for (const stage of stages) h = stage(run, [embedded, h, skips.pop()!]);
        if (double) h = double(run, h, embedded);
      }
      return h;
    },
  };
}

/** Levels named in an option that are not there. */
export function missingLevel(named: readonly number[], levels: number): number | undefined {
  return named.find((level) => level >= levels);
}
