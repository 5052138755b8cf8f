import { formatBytes, formatCount, formatDuration, type ImageShape } from "@ddpm/core/authoring";
import type { RunConfig } from "@ddpm/runs";
import { useEffect, useState } from "preact/hooks";
import { call } from "../../engine/client.ts";
import type { NetworkCost as Cost } from "../../engine/jobs/network/describe-network.ts";
import { running } from "../../state/training.ts";
import { Fact } from "../../ui/fact.tsx";
import { FailureNote } from "../../ui/failure-note.tsx";
import { measure, speed, type TimeGuess, timeOf, trial } from "./speed.ts";

export interface NetworkCostProps {
  readonly config: RunConfig;
  /** Of the images: [H, W, C]. */
  readonly shape: ImageShape;
}

/** Wait for the slider to rest. */
const PAUSE = 150;

/** What the network will have and need, before anything is made. */
export function NetworkCost({ config, shape }: NetworkCostProps) {
  const { denoiser, train } = config;
  const input = { denoiser, size: shape[0], batch: train.batch };
  const [cost, setCost] = useState<Cost>();
  const [error, setError] = useState<unknown>();
  const key = JSON.stringify(input);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      call("describeNetwork", input).then(
        (found) => {
          if (!wanted) return;
          setCost(found);
          setError(undefined);
        },
        (problem: unknown) => wanted && setError(problem),
      );
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key]);
  const time = cost && timeOf(config, cost.multiplyAdds, speed.value);
  const tryOut = (): void => {
    setError(undefined);
    if (trial.value) trial.value.abort();
    else measure({ config, shape }).catch(setError);
  };
  return (
    <>
      <dl class="facts">
        <Fact name="parameters" value={cost ? formatCount(cost.parameters) : "…"} />
        <Fact name="memory (estimate)" value={cost ? formatBytes(cost.trainingBytes) : "…"} />
        <Fact
          name="multiply-adds per image"
          value={cost ? `${formatCount(Math.round(cost.multiplyAdds / 1e6))} M` : "…"}
        />
        <Fact name="time (estimate)" value={time ? formatDuration(time.seconds) : "…"} />
      </dl>
      <p class="row soft">
        <span class="grow" role="status">
          {trial.value ? "Trying a few updates …" : time ? wordsOf(time) : ""}
        </span>
        <button type="button" disabled={running.value || !cost} onClick={tryOut}>
          {trial.value ? "Stop measuring" : "Measure"}
        </button>
      </p>
      <FailureNote error={error} />
    </>
  );
}

/** How the time is known. */
function wordsOf({ from, backend }: TimeGuess): string {
  if (from === "this network") return `As fast as this network was on ${backend}.`;
  if (from === "another network") return `Estimated from another network on ${backend}.`;
  return "A guess: nothing was measured here yet.";
}
