import * as tf from "@tensorflow/tfjs-core";
import type { Run, Scope } from "../../scope.ts";
import { type Context, contextFrom, contextTensors } from "../attention/context.ts";
import { type Part, recomputable } from "../blocks/recompute.ts";
import type { EmbeddedBlock } from "../blocks/residual-block.ts";

/** An {@link EmbeddedBlock} that may attend to a context, which is there where the network takes one. */
export type ContextualBlock = (
  run: Run,
  x: tf.Tensor4D,
  embedding: tf.Tensor2D,
  context?: Context,
) => tf.Tensor4D;

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
  stage(at: Scope, place: Place, channelsIn: number, out: number): ContextualBlock;
  /** Halves height and width after a level. */
  halve(at: Scope, level: number, channels: number): EmbeddedBlock;
  /** Doubles height and width after a level on the way up. */
  double(at: Scope, level: number, channels: number): EmbeddedBlock;
  middle(at: Scope, channels: number): ContextualBlock;
  /** The last stage of a level up, not the first of the next, takes on the next level's channels. */
  readonly narrowsLast?: boolean;
}

/** A U without stem and head, and the channels that come out of it. */
export interface UShape {
  readonly out: number;
  readonly apply: ContextualBlock;
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
  const part = (way: "down" | "up", make: () => ContextualBlock): Part => partOf(root, way, make);
  const down = widths.map((out, level) => {
    const at = root.child("down").child(level);
    const stages = Array.from({ length: blocks }, (_, index) => {
      const made = part("down", () => options.stage(at, { way: "down", level, index }, wide, out));
      wide = out;
      kept.push(wide);
      return made;
    });
    if (level === widths.length - 1) return { stages };
    kept.push(wide);
    return { stages, halve: options.halve(at, level, wide) };
  });
  const middle = part("down", () => options.middle(root.child("mid"), wide));
  const up = widths
    .map((width, level) => ({ width, level, next: widths[level - 1] ?? options.stem }))
    .reverse()
    .map(({ width, level, next }) => {
      const at = root.child("up").child(level);
      const stages = Array.from({ length: blocks + 1 }, (_, index) => {
        const out = narrowsLast && index === blocks ? next : width;
        const channelsIn = wide + kept.pop()!;
        const made = part("up", () => options.stage(at, { way: "up", level, index }, channelsIn, out));
        wide = out;
        return made;
      });
      return level === 0 ? { stages } : { stages, double: options.double(at, level, wide) };
    });
  return {
    out: wide,
    apply(run, x, embedded, context) {
      const tokens = contextTensors(context);
      let h = x;
      const skips = [h];
      for (const { stages, halve } of down) {
        for (const stage of stages) {
          h = stage(run, [embedded, h, ...tokens]);
          skips.push(h);
        }
        if (!halve) continue;
        h = halve(run, h, embedded);
        skips.push(h);
      }
      h = middle(run, [embedded, h, ...tokens]);
      for (const { stages, double } of up) {
        for (const stage of stages) h = stage(run, [embedded, h, skips.pop()!, ...tokens]);
        if (double) h = double(run, h, embedded);
      }
      return h;
    },
  };
}

/** A block as a part, which takes the embedding, its input, on the way up what was kept, and the context. */
function partOf(root: Scope, way: "down" | "up", make: () => ContextualBlock): Part {
  return recomputable(root, () => {
    const block = make();
    return (run, [embedded, x, ...rest]) => {
      const h = way === "up" ? tf.concat([x as tf.Tensor4D, rest.shift() as tf.Tensor4D], 3) : x;
      return block(run, h as tf.Tensor4D, embedded as tf.Tensor2D, contextFrom(rest));
    };
  });
}

/** Levels named in an option that are not there. */
export function missingLevel(named: readonly number[], levels: number): number | undefined {
  return named.find((level) => level >= levels);
}
