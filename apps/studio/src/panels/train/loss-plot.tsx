import { smooth, thin } from "@ddpm/viz/authoring";
import { useMemo } from "preact/hooks";
import { Plot } from "../../ui/plot/plot.tsx";
import type { Losses } from "./training.ts";

export interface LossPlotProps extends Losses {
  /** Images there will be. */
  readonly total: number;
}

const KEEP = 0.9;

/** Points of the log that are drawn, at most: more than there are pixels on most screens. */
const POINTS = 1200;

/** The loss smoothed, as far as it is known. */
export function smoothed(loss: readonly number[]): Float64Array {
  return smooth(loss, KEEP);
}

/** Loss as logged and smoothed; drawing takes the same time however long the log is. */
export function LossPlot({ images, loss, total }: LossPlotProps) {
  const curves = useMemo(() => {
    const thinned = (y: ArrayLike<number>) => {
      const kept = thin(y, POINTS);
      return { x: kept.map((i) => images[i]!), y: kept.map((i) => y[i]!) };
    };
    return [
      { name: "as logged", ...thinned(loss), colour: 0, faint: true },
      { name: "smoothed", ...thinned(smoothed(loss)), colour: 0 },
    ];
  }, [images, loss]);
  return (
    <Plot
      title="Loss, as logged and smoothed"
      xLabel="images seen"
      logY
      x={[0, Math.max(total, 1)]}
      curves={curves}
    />
  );
}
