import { useEffect } from "preact/hooks";
import type { PointsViewInput } from "../../engine/jobs/points/view-points.ts";
import { running } from "../../state/training.ts";
import { settings } from "./settings.ts";
import { status, trainPoints, view } from "./training.ts";

/** Fewer points than this are no distribution. */
const FEWEST = 20;
const BATCH = 128;

/** The training with the settings as they are. */
export interface Training {
  readonly enough: boolean;
  train(): void;
}

/**
 * Trains on points. What a panel opens with learns by itself, unless a run of images has the processor.
 *
 * @param points x and y of each point
 * @param shown  what is shown of the network
 */
export function useTraining(points: Float32Array, shown: PointsViewInput): Training {
  const enough = points.length >= 2 * FEWEST;
  const train = (): void => {
    const { schedule, parameterization, width, layers, rate, until, seed } = settings.peek();
    const network = { schedule, parameterization, width, layers };
    void trainPoints({ ...network, rate, until, seed, points, view: shown, batch: BATCH });
  };
  useEffect(() => {
    if (enough && !running.peek() && status.peek() === "idle" && !view.peek()) train();
  }, []);
  return { enough, train };
}
