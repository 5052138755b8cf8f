import { useMemo } from "preact/hooks";
import { smooth } from "../../model/smooth.ts";
import { thin } from "../../model/thin.ts";
import { Plot } from "../../ui/plot/plot.tsx";
import type { Losses } from "./training.ts";

export interface LossPlotProps extends Losses {
  /** Images there will be. */
  readonly total: number;
}

const KEEP = 0.9;

/** Stretches of the log that are drawn: more than there are pixels on most screens. */
const STRETCHES = 600;

/** The loss smoothed, as far as it is known. */
export function smoothed(loss: readonly number[]): number[] {
  return smooth(loss, KEEP);
}

/** Loss as logged and smoothed; drawing takes the same time however long the log is. */
export function LossPlot({ images, loss, total }: LossPlotProps) {
  const curves = useMemo(() => {
    const raw = thin(images, loss, STRETCHES);
    const mean = thin(images, smoothed(loss), STRETCHES);
    return [
      { name: "as logged", ...raw, colour: 0, faint: true },
      { name: "smoothed", ...mean, colour: 0 },
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
