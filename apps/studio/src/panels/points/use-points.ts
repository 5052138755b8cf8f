import { useMemo, useState } from "preact/hooks";
import { presetPoints } from "./point-sets.ts";
import type { PointsSettings } from "./settings.ts";

/** The data: a set by name, or what the visitor draws. */
export interface Points {
  /** x and y of each point. */
  readonly points: Float32Array;
  /** Number of points that were drawn. */
  readonly drawn: number;
  /** Adds a few points around a place. */
  draw(x: number, y: number): void;
  clear(): void;
}

export function usePoints(set: PointsSettings["set"]): Points {
  const [drawn, setDrawn] = useState<readonly number[]>([]);
  const points = useMemo(
    () => (set === "drawn" ? Float32Array.from(drawn) : presetPoints(set)),
    [set, drawn],
  );
  const draw = (x: number, y: number): void =>
    setDrawn((before) => {
      const near = Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? x : y) + 0.06 * (Math.random() - 0.5));
      return [...before, ...near];
    });
  return { points, drawn: drawn.length / 2, draw, clear: () => setDrawn([]) };
}
